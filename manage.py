#!/usr/bin/env python
import os
import sys

if __name__ == "__main__":
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "mesosite.settings")
    from django.core.management import execute_from_command_line

    from mesosite.logs import print_end

    sys.excepthook = print_end
    execute_from_command_line(sys.argv)
