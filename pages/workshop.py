"""What does this room conclude? A workshop on what two sources say, from joining to what is decided."""

from pxcore.analysis.pairs.overview import overview
from pxcore.ui import filters, messages, show, state, workshop
from pxcore.ui.answers import ask

show.title("What does this room conclude?")
with messages.guard():
    identifier, choices = workshop.choose(), state.choices()
    if identifier:
        workshop.lead(identifier)
    elif choices.sources:
        show.headline(workshop.ANSWER, workshop.LIMITS)
        scope = filters.scope(choices)
        workshop.make(ask(overview, scope), scope)
        show.how(*workshop.METHOD)
    else:
        show.headline(workshop.ANSWER, workshop.LIMITS)
        messages.empty(
            "Nothing is loaded yet",
            "A workshop talks about what is loaded. Load the files you receive, or choose **Demonstration** "
            "in the sidebar and try it on invented data.",
        )
