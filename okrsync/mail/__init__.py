"""Mail: messages made of reports, and a mail server to hand them to."""
