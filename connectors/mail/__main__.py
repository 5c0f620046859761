"""`daozhen check mail`: signs in at the mail server and leaves again."""

from __future__ import annotations

import sys

from bot.errors import OperatorError
from bot.settings import PREFIX, read_settings
from connectors.mail.line import MailLine, MailProblem, check


def main() -> None:
    """Say in one sentence whether the mail server takes us. Raises MailProblem."""
    settings = read_settings()
    if not settings.smtp_host:
        raise MailProblem(f"There is no mail server: {PREFIX}SMTP_HOST is empty. Set it to page the staff by e-mail.")
    check(settings)
    MailLine(settings).greet()
    print("The mail server takes us. Nothing was sent.")


if __name__ == "__main__":
    try:
        main()
    except OperatorError as error:
        print(error, file=sys.stderr)
        sys.exit(1)
