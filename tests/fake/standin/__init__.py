"""The Azure services that confidential containers talk to, as stand-ins.

Each module is one service or one format, written from the documents and not
from common/, so that a misread document shows up as a failing test.
"""
