#!/usr/bin/env python
import os
import sys

EDITING = ("check", "publish", "content_report")
"""The commands that read the files that editors change; all others read what was published."""

if __name__ == "__main__":
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "mesosite.settings")
    from django.core.management import execute_from_command_line

    from mesosite.logs import print_end
    from mesosite.pages.published_folders import EDITED

    if sys.argv[1:] and sys.argv[1] in EDITING:
        os.environ[EDITED] = "on"
    sys.excepthook = print_end
    execute_from_command_line(sys.argv)
