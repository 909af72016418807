"""What other rooms may listen to."""

from __future__ import annotations

from django.dispatch import Signal

#: A draft was thrown away because it had other people's data in it. Sent in the scope that saves the outcome, with
#: `message`, `decision_id` and `kinds` (of the data: EMAIL, PERSON, STAND_IN, PROMPT ...), never the data itself.
data_held_back = Signal()
