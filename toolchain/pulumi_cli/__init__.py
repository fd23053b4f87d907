"""Finds the Pulumi command line, or makes it, in this order.

on_path.py        a Pulumi installation of 3.230 or later on PATH, used as it is
installer.py      Pulumi's own installer, through the Automation API
go_build.py       the Go module under toolchain/pulumi, with the language host of this repository beside it
language_host.py  what is put beside the command line that was built
find.py           the choice between them
command.py        the script
"""
