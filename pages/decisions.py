"""What became of what we decided? Every decision, followed through every load."""

from pxcore.ui import follow_up, messages, show
from pxcore.words import decisions as words

show.title("What became of what we decided?")
with messages.guard():
    report = follow_up.report()
    show.headline(words.summary(report), words.limits(report))
    show.figures(words.figures(report))
    follow_up.refused()
    follow_up.tabs(report)
    show.how(*words.METHOD)
    show.provenance(report.extracts, report.revision)
