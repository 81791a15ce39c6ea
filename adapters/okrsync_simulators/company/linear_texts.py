"""What the example company's growth and operations teams write into Linear."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Project:
    """A Linear project and its issues, each a title and a description."""

    team: str
    name: str
    labels: tuple[str, ...]
    issues: tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class Loose:
    """An issue that belongs to no project."""

    team: str
    title: str
    labels: tuple[str, ...] = ()
    description: str = ""


PROJECTS = (
    Project(
        "GRO",
        "Activation experiments",
        ("experiment",),
        (
            ("Ask for the first product before the company address", "Aims at KR-ACTIVATION."),
            ("Checklist on the merchant home: three steps to a first sale", ""),
            ("Call new merchants on day two and note what stops them", "Twenty calls, one page."),
            ("Sample product that can be sold to oneself", "Does a rehearsal remove the doubt?"),
            ("Shorten the sign-up form from eleven fields to five", "Aims at KR-ACTIVATION."),
            ("Show what a shop of the same kind sold in its first week", ""),
            ("Import from a spreadsheet during sign-up", "Most arrive with a price list."),
            ("Payout preview before the bank details are asked for", ""),
            ("Holdout group for the onboarding mails", "Ten percent get nothing for two weeks."),
            ("Measure time from sign-up to first sale per cohort", "We only know the average."),
            ("One question at the end of sign-up: what are you afraid of?", ""),
            ("Postpone identity checks until the first payout", "Legal agrees up to 150 a week."),
        ),
    ),
    Project(
        "GRO",
        "Listing in a day",
        ("listing",),
        (
            ("Photos from the phone straight into a listing", "A code on the screen, no app."),
            ("Suggest a category from the title", ""),
            ("Keep a draft when the tab is closed", "Support hears this every week."),
            ("Duplicate a listing with its variants", ""),
            ("Explain why a listing was held back", "Today it says 'in review' and nothing else."),
            ("Warn about a price that is off by a factor of ten", ""),
            ("Shipping templates per parcel size", ""),
            ("Bulk edit of stock counts", "Merchants with more than fifty articles."),
            ("Preview of a listing as shoppers see it", ""),
        ),
    ),
    Project(
        "GRO",
        "Merchant mails",
        ("mail",),
        (
            ("Rewrite the welcome mail around one action", ""),
            ("Stop reminding merchants who have sold already", "They answer, and not kindly."),
            ("Weekly mail: what shoppers searched for and did not find", ""),
            ("Unsubscribe per topic", "Legal asked for it by the end of the quarter."),
            ("Send from a person's name and see who answers", ""),
            ("Translate the first three mails into Polish and Dutch", ""),
        ),
    ),
    Project(
        "OPS",
        "Faster builds",
        ("build",),
        (
            ("Cache the front end's packages between builds", "Four of eleven minutes."),
            ("Run only the tests that a change can reach", ""),
            ("Split the checkout suite over four runners", ""),
            ("Delete the browser tests that nobody reads", "Thirty percent have no assertion."),
            ("Show the slowest ten tests on the dashboard", ""),
            ("Build images once and promote them", "They are built three times today."),
            ("Preview environment per branch in under five minutes", ""),
        ),
    ),
    Project(
        "OPS",
        "Deploys without fear",
        ("deploy",),
        (
            ("Roll back with one command", "Now it takes a page of notes and a colleague."),
            ("Canary for the payment service at five percent", ""),
            ("Alert on the error budget, not on single errors", ""),
            ("Migrations that can run while the old version serves", ""),
            ("Write down who may deploy on a Friday and why", ""),
            ("Feature flags with an owner and an end date", "Sixty flags, eleven owners."),
            ("Rehearse losing a zone", ""),
            ("First-day deploy for new engineers", "Ask the last three who joined."),
        ),
    ),
)

LOOSE = (
    Loose("GRO", "Interview: bakery that left after two days", ("Research",)),
    Loose("GRO", "Interview: merchant who sold within the hour", ("Research",)),
    Loose("GRO", "Interview: second-hand books, asks for bulk upload", ("Research",)),
    Loose("GRO", "Interview round on B-PHONE with eight merchants", ("Research",)),
    Loose("GRO", "Survey: where did you hear about us", ("Research",)),
    Loose("GRO", "Sign-up fails with a plus sign in the address", ("Bug",)),
    Loose("GRO", "Currency shows twice in the payout preview", ("Bug",)),
    Loose("GRO", "Listing photos turn sideways on older phones", ("Bug",)),
    Loose("GRO", "Checklist forgets step two after logging in again", ("Bug",)),
    Loose("GRO", "Welcome mail sent twice to some merchants", ("Bug",)),
    Loose("GRO", "Search in the merchant help finds nothing with umlauts", ("Bug",)),
    Loose("GRO", "Dark mode for the merchant app", ("Feature",), "Asked for by two merchants."),
    Loose("GRO", "Badge for merchants of the month", ("Feature",)),
    Loose("GRO", "New illustration for the empty state", ("needs design",)),
    Loose("GRO", "Rename 'vendor' to 'merchant' in the whole app", ("Chore",)),
    Loose("GRO", "Remove the old onboarding behind its flag", ("Chore",)),
    Loose("GRO", "Booth at the trade fair in March", ()),
    Loose("GRO", "Partner page for accountants", ()),
    Loose("GRO", "Bump axios from 1.7.2 to 1.7.9", ("Dependency update",)),
    Loose("GRO", "Bump react-router from 6.26 to 6.28", ("Dependency update",)),
    Loose("GRO", "Bump the mail templates' toolchain", ("Dependency update",)),
    Loose("OPS", "Outage: search answered 503 for 14 minutes", ("Incident",)),
    Loose("OPS", "Outage: queue of the mailer full over night", ("Incident",)),
    Loose("OPS", "Degraded: replica lag of nine minutes on orders", ("Incident",)),
    Loose("OPS", "Outage: certificate of the image host expired", ("Incident",)),
    Loose("OPS", "Review of the search outage, five actions", ("Incident",)),
    Loose("OPS", "Rotate the keys of the payment gateway", ("Security",)),
    Loose("OPS", "Second factor for the admin console", ("Security",)),
    Loose("OPS", "Close the bastion's port to the world", ("Security",)),
    Loose("OPS", "Patch OpenSSL on the edge nodes", ("Security",)),
    Loose("OPS", "Scan images for known holes before a deploy", ("Security",)),
    Loose("OPS", "Bump PostgreSQL from 15 to 16 on staging", ("Dependency update",)),
    Loose("OPS", "Bump Kubernetes to 1.31", ("Dependency update",)),
    Loose("OPS", "Bump terraform providers", ("Dependency update",)),
    Loose("OPS", "Bump node from 20 to 22 in all images", ("Dependency update",)),
    Loose("OPS", "Bump prometheus to 2.55", ("Dependency update",)),
    Loose("OPS", "Disk of the build server full every second Monday", ("Bug",)),
    Loose("OPS", "Grafana panel for checkout counts retries as orders", ("Bug",)),
    Loose("OPS", "Log lines of the mailer miss the request id", ("Bug",)),
    Loose("OPS", "Move the nightly reports away from the primary", ()),
    Loose("OPS", "Cost report per team", ()),
    Loose("OPS", "Write the on-call handbook's first chapter", ()),
    Loose("OPS", "Decide on one tracing library", ("needs design",)),
    Loose("OPS", "Retire the second log cluster", ("Chore",)),
    Loose("OPS", "Archive repositories that nobody touched for two years", ("Chore",)),
    Loose("OPS", "Interview product engineers about their first deploy", ("Research",)),
)

SUB_ISSUES = (
    "Agree on the numbers we will look at",
    "Wording for the three error states",
    "Flag and roll-out plan",
    "Migration for shops that exist already",
    "Dashboard with a daily number",
    "Ask support what changes for them",
    "Tidy up after the experiment",
    "Accessibility check with a keyboard",
)
