"""How is it worked out, and how well does it do?"""

from functools import partial

from pxcore.analysis.files.methods import methods as every_method
from pxcore.ui import certainty, messages, methods, show
from pxcore.ui.answers import finished
from pxcore.words import methods as texts

show.title("How is it worked out, and how well does it do?")
with messages.guard():
    report = finished(every_method)
    show.headline(texts.summary(report), texts.limits(report))
    show.tabs(
        {
            "The rules in words": partial(methods.rules, report),
            "How well they do": partial(methods.trials, report),
            "On your data": certainty.checks,
            "What is masked": partial(methods.masking, report),
            "Every method": partial(methods.chapters, report),
            "Known limits": methods.limits,
        },
        "methods_tab",
    )
