"""The words that the plain reader knows, all in lower case.

Short on purpose: a word that is as often right as wrong is left out, because an unclear text
raises no alarm.
"""

from __future__ import annotations


def _words(text: str) -> frozenset[str]:
    return frozenset(text.split())


MAKING = _words(
    """
    analyse analyze announce arrange assemble audit automate build code complete compose conduct
    configure create decide define deliver deploy design develop document draft establish
    evaluate execute file finalise finalize finish fix gather hire hold host implement inspect
    install integrate interview introduce investigate kickoff launch migrate organise organize
    outsource patch pilot plan port prepare present procure produce propose prototype publish
    recruit redesign refactor release remove rename replace research review rewrite roll rollout
    schedule ship showcase start teach test train translate update upgrade write
    """
)
"""What a team does by itself and can tick off."""

MADE = _words(
    """
    announced automated built completed conducted created decided defined delivered deployed
    designed developed documented done drafted established executed finalised finalized finished
    fixed held hired hosted implemented installed integrated interviewed introduced launched
    live migrated organised organized patched piloted prepared presented procured produced
    prototyped published recruited redesigned refactored released replaced rewritten rolled
    shipped started tested trained translated updated upgraded written
    """
)
"""The same, said of the thing that is then there."""

CONTACT = frozenset(
    {
        ("talk", "to"),
        ("talk", "with"),
        ("speak", "to"),
        ("speak", "with"),
        ("meet", "with"),
        ("set", "up"),
        ("put", "together"),
        ("carry", "out"),
        ("run", "a"),
        ("run", "an"),
        ("run", "the"),
    }
)
"""Two words that open a task where one alone would not."""

MACHINERY = _words(
    """
    accuracy availability bug bugs coverage cpu crash crashes cve cves defect defects deploys
    downtime incident incidents latency lcp lighthouse mtbf mttd mttr outage outages p50 p90 p95
    p99 reliability sla slas slo slos throughput ttfb tti uptime velocity vulnerabilities
    """
)
"""What a product or an organisation's own machinery measures."""

MACHINERY_PAIRS = frozenset(
    {
        ("burn", "down"),
        ("change", "failure"),
        ("code", "coverage"),
        ("cycle", "time"),
        ("error", "budget"),
        ("error", "rate"),
        ("error", "rates"),
        ("failure", "rate"),
        ("lead", "time"),
        ("load", "time"),
        ("load", "times"),
        ("memory", "usage"),
        ("page", "load"),
        ("page", "speed"),
        ("response", "time"),
        ("response", "times"),
        ("story", "points"),
        ("technical", "debt"),
        ("time", "to"),
    }
)

MEASURED = _words("cost costs count coverage effort frequency rate rates ratio speed time times")
"""After a verb of making they show that it is a noun here: "test coverage", "build time"."""

BUSINESS = _words(
    """
    arpu arr bookings cac cost costs earnings ebit ebitda gmv gross income ltv margin margins
    mrr opex profit profitability profits revenue revenues roi valuation
    """
)
"""Results of the business that no single team moves."""

BUSINESS_PAIRS = frozenset({("market", "share"), ("cash", "flow"), ("share", "price")})

PEOPLE = _words(
    """
    accountants administrators admins agents analysts applicants audience authors beneficiaries
    buyer buyers candidates caregivers citizens client clients clinicians colleague colleagues
    communities consumer consumers contributor contributors creators customer customers designer
    designers developer developers doctors donors driver drivers editors employee employees
    engineer engineers evaluators families followers founders freelancers friends guest guests
    households inhabitants leads learners listener listeners maintainers manager managers
    marketers member members mentors merchant merchants nurse nurses operators owners parents
    participants partners passengers patient patients payers people person player players
    practitioners prospects publishers pupils readers recruiters renters reporters researchers
    residents reviewers riders sellers shopper shoppers staff students subscriber subscribers
    suppliers teachers teammates tenants travelers travellers trialists user users vendors
    viewers visitor visitors volunteers voters workers
    """
)
"""Those whose behaviour can change; colleagues are people."""

BEHAVIOUR = _words(
    """
    abandon accept act activate add adopt agree answer apply arrive ask attend avoid book bring
    browse buy call cancel change check choose churn click collaborate come comment commit
    complain complete connect consume contact continue contribute convert create depend discover
    donate download drop earn engage enjoy enrol enroll explore express feel file find finish
    follow get give go have heard help hire import install invest invite join keep know learn
    leave list listen log look make manage mention move need onboard open order participate pass
    pay pick place play post prefer promote publish purchase rate reach read receive recommend
    refer register rely renew repeat reply report request reset resolve respond retain return
    reuse review run save say search see sell send set share ship show sign solve spend start
    stay stop submit subscribe succeed switch take talk tell trust try turn understand upgrade
    upload use view visit vote wait want watch work write
    """
)
"""What people are seen doing, in the base form; endings are taken off before the look-up."""

ACTS_COUNTED = _words(
    """
    abandonment activation adoption attendance churn complaints contributions conversion csat
    dau downloads engagement installs logins mau nps referrals registrations renewal renewals
    reorders resets retention returns satisfaction signups stickiness subscriptions usage visits
    wau
    """
)
"""People's acts, although no person is named."""

OPENERS = _words(
    """
    also and finally first fully kr must okr please second should successfully then third to we
    will
    """
)
"""What may stand before the verb that opens a task."""

FRAMES = frozenset({"among", "at", "for", "on", "per", "to", "with"})
"""Shortly after these a person is somebody's object, and not the one who acts."""
