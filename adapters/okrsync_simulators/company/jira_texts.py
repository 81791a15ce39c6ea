"""What the example company's payment and web teams write into Jira."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Epic:
    """An epic and its stories, each a title and a description."""

    project: str
    title: str
    component: str
    labels: tuple[str, ...]
    stories: tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class Loose:
    """An issue under no epic."""

    project: str
    type: str
    title: str
    component: str = ""
    labels: tuple[str, ...] = ()
    description: str = ""


EPICS = (
    Epic(
        "PAY",
        "One-tap wallet button",
        "wallet",
        ("one-tap",),
        (
            ("Wallet button on the basket page", "H-ONE-TAP: first for five percent."),
            ("Wallet button on the article page", ""),
            ("Remember the last wallet per device", "Nobody wants to choose twice."),
            ("One-tap for shoppers without an account", ""),
            ("Fall back to the card form when the wallet declines", "Keep the basket."),
            ("Count payers who call support within a day", "KR-CHECKOUT-1 is measured there."),
            ("Switch the pilot from five to twenty percent", "Only below 0.5 % errors."),
            ("Wallet in the app's web view", ""),
            ("Explain the hold on the account statement", "A common reason for calls."),
            ("Strong authentication inside the wallet sheet", ""),
        ),
    ),
    Epic(
        "PAY",
        "Coupons before payment",
        "coupons",
        ("coupon-wall",),
        (
            ("Show coupons that fit the basket", "Tests H-COUPON-WALL."),
            ("Hide the coupon field until asked for", ""),
            ("Apply the best coupon without asking", ""),
            ("Coupon expired during payment: what then", ""),
            ("Merchants pay for their own coupons", "Finance wants it apart."),
            ("Count who leaves to look for codes", ""),
            ("Stacked coupons round to minus one cent", ""),
            ("Gift cards are not coupons", "Stop treating them alike."),
        ),
    ),
    Epic(
        "PAY",
        "Failed card payments explain themselves",
        "cards",
        ("card-failures",),
        (
            ("Plain words for the twelve commonest declines", "B-PHONE is about these."),
            ("Offer another way to pay after a decline", ""),
            ("Try again once when the bank did not answer", ""),
            ("Keep the card form's content after a decline", ""),
            ("Tell support what the shopper saw", "They read the code out today."),
            ("Mail with a link back to the basket", ""),
            ("Group declines by bank and hour", ""),
            ("Expired card: ask for the new date only", ""),
            ("Decline page in all five languages", ""),
        ),
    ),
    Epic(
        "PAY",
        "Receipts and refunds",
        "refunds",
        ("refunds",),
        (
            ("Refund without opening a ticket", ""),
            ("Say when the money will be back", "Second reason for calls in May."),
            ("Partial refund for one article of many", ""),
            ("Receipt for companies with a tax number", ""),
            ("Refund to a card that was closed", ""),
            ("Merchants see refunds on the day", ""),
            ("Export of refunds for finance", ""),
            ("Receipt by post costs more than it earns", ""),
        ),
    ),
    Epic(
        "PAY",
        "New checkout page",
        "checkout",
        ("checkout-2026",),
        (
            ("Layout of the single page", "KR-CHECKOUT-2."),
            ("Address before payment or after", ""),
            ("Delivery dates next to the price", ""),
            ("Checkout without scrolling on small phones", ""),
            ("Keyboard order of all fields", ""),
            ("Remove the newsletter box", ""),
            ("Move events of the old page to the new names", ""),
            ("Take the old page down", ""),
        ),
    ),
    Epic(
        "WEB",
        "Search that finds things",
        "search",
        ("search",),
        (
            ("Typing errors in the first word", ""),
            ("Synonyms from what shoppers buy afterwards", ""),
            ("Sort by delivery date", ""),
            ("No results: show what is close", ""),
            ("Filters stay when going back", ""),
            ("Search box keeps its text", ""),
            ("Index new articles within a minute", ""),
        ),
    ),
    Epic(
        "WEB",
        "Returning shoppers find their way",
        "storefront",
        ("returning",),
        (
            ("Order again from the last receipt", "Aims at KR-REPEAT."),
            ("Home page knows what was left in the basket", ""),
            ("Saved lists that can be shared", ""),
            ("Back in stock: tell those who asked", "Aims at KR-REPEAT."),
            ("Reviews only from buyers", ""),
            ("Remember size and colour", ""),
            ("Say goodbye to the pop-up", ""),
            ("Account page in one column", ""),
        ),
    ),
    Epic(
        "WEB",
        "Front-end tooling",
        "platform",
        ("tooling",),
        (
            ("One design token file for web and app", ""),
            ("Type checks in the editor as in the build", ""),
            ("Storybook for the twenty commonest parts", ""),
            ("Local setup in one command", "Ships on the first day."),
            ("Remove the second date library", ""),
            ("Flaky browser tests get an owner", ""),
            ("Source maps for errors in production", ""),
        ),
    ),
)

LOOSE = (
    Loose("PAY", "Research", "Interview: shopper who called twice about one order", "cards"),
    Loose("PAY", "Research", "Interview: shopper who pays by invoice only", "checkout"),
    Loose("PAY", "Research", "Interviews about wallets, round two", "wallet"),
    Loose("PAY", "Research", "Listen to forty support calls", "cards", (), "For B-PHONE."),
    Loose("PAY", "Research", "Compare checkout steps of six shops", "checkout"),
    Loose("PAY", "Incident", "Card payments down for 23 minutes", "cards", ("sev1",)),
    Loose("PAY", "Incident", "Refunds paid out twice to 41 shoppers", "refunds", ("sev1",)),
    Loose("PAY", "Incident", "Slow answers of the fraud check", "", ("sev2",)),
    Loose("PAY", "Incident", "Wallet sheet did not open on one browser", "wallet", ("sev2",)),
    Loose("PAY", "Incident", "Invoices without numbers for an hour", "", ("sev2",)),
    Loose("PAY", "Security", "Rotate the acquirer's certificates", "cards"),
    Loose("PAY", "Security", "Card numbers in a debug log", "cards", ("urgent",)),
    Loose("PAY", "Security", "Answer to the yearly card audit", ""),
    Loose("PAY", "Dependency update", "Bump stripe-java from 25.1 to 25.13", ""),
    Loose("PAY", "Dependency update", "Bump jackson from 2.16 to 2.18", ""),
    Loose("PAY", "Dependency update", "Bump spring-boot from 3.2 to 3.3", ""),
    Loose("PAY", "Dependency update", "Bump log4j to 2.24", "", ("urgent",)),
    Loose("PAY", "Dependency update", "Bump the invoice template engine", ""),
    Loose("PAY", "Bug", "Total jumps by a cent after changing the address", "checkout"),
    Loose("PAY", "Bug", "Back button empties the basket", "checkout", ("customer-reported",)),
    Loose("PAY", "Bug", "Coupon with a trailing blank is refused", "coupons"),
    Loose("PAY", "Bug", "Wallet button shown where no wallet is set up", "wallet"),
    Loose("PAY", "Bug", "Refund mail names the wrong shop", "refunds", ("customer-reported",)),
    Loose("PAY", "Bug", "Invoice address loses its second line", ""),
    Loose("PAY", "Bug", "Amount in words wrong for Danish", "", ("i18n",)),
    Loose("PAY", "Bug", "Order confirmed though the bank declined", "cards", ("urgent",)),
    Loose("PAY", "Task", "Renew the contract with the second acquirer"),
    Loose("PAY", "Task", "Tidy the payment team's board"),
    Loose("PAY", "Task", "Document how a chargeback travels", "", ("docs",)),
    Loose("PAY", "Task", "Delete sandbox accounts of people who left"),
    Loose("PAY", "Story", "Pay in three instalments", "", ("idea",)),
    Loose("PAY", "Story", "Loyalty points at the till", "", ("idea", "marketing")),
    Loose("WEB", "Bug", "Filter panel covers the first row on tablets", "search"),
    Loose("WEB", "Bug", "Images of bundles load twice", "storefront"),
    Loose("WEB", "Bug", "Umlauts in the site map are escaped twice", "", ("i18n", "seo")),
    Loose("WEB", "Bug", "Wish list button needs two clicks", "storefront"),
    Loose("WEB", "Bug", "Old price flashes up before the new one", "storefront"),
    Loose("WEB", "Bug", "Search suggests articles that are sold out", "search"),
    Loose("WEB", "Bug", "Cookie banner returns every day", "", ("legal",)),
    Loose("WEB", "Incident", "Home page empty for shoppers without a region", "", ("sev1",)),
    Loose("WEB", "Incident", "Search index three hours behind", "search", ("sev2",)),
    Loose("WEB", "Incident", "Deploy of a half-built bundle", "platform", ("sev2",)),
    Loose("WEB", "Security", "Content security policy for the shop pages", "platform"),
    Loose("WEB", "Security", "Script of a former partner still loaded", "storefront"),
    Loose("WEB", "Dependency update", "Bump vite from 5.2 to 5.4", "platform"),
    Loose("WEB", "Dependency update", "Bump typescript from 5.4 to 5.6", "platform"),
    Loose("WEB", "Dependency update", "Bump eslint to 9", "platform"),
    Loose("WEB", "Dependency update", "Bump the image resizer", "storefront"),
    Loose("WEB", "Dependency update", "Bump playwright from 1.44 to 1.48", "platform"),
    Loose("WEB", "Research", "Interview: shoppers who returned after a year", "storefront"),
    Loose("WEB", "Research", "Watch ten people search for a gift", "search"),
    Loose("WEB", "Task", "Landing page for the winter sale", "storefront", ("marketing",)),
    Loose("WEB", "Task", "Christmas logo", "", ("marketing",)),
    Loose("WEB", "Task", "Imprint with the new address", "", ("legal",)),
    Loose("WEB", "Task", "Move icons to the new set", "storefront"),
    Loose("WEB", "Task", "Drop support for two old browsers", "platform"),
    Loose("WEB", "Story", "Dark mode for the shop", "storefront", ("idea",)),
    Loose("WEB", "Story", "Compare three articles side by side", "storefront", ("idea",)),
)

SUB_TASKS = (
    "Wording in five languages",
    "Migration of the stored data",
    "Flag, roll-out plan and end date",
    "Counter on the team's dashboard",
    "Contract test with the bank's sandbox",
    "Review with support",
    "Screen reader pass",
    "Remove the flag",
)

LOOSE_LABELS = ("needs-refinement", "customer-reported", "quick-win", "tech-debt", "Needs-Design")
