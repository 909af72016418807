"""How a text sounds, by a few words: read only with the customer's yes, shown to the agent, used for nothing."""

from __future__ import annotations

from aiassist.core.text import fold, word_set, words

_ANGRY = word_set(
    "angry furious outrageous unacceptable ridiculous disgusting terrible awful worst fed disappointed"
    " annoyed rude scandal"
    " wutend unverschamt inakzeptabel frechheit enttauscht skandal schrecklich argerlich"
    " furieux inacceptable scandaleux decu decue honteux enfadado enfadada inaceptable vergonzoso"
    " decepcionado decepcionada"
)
_WORRIED = word_set(
    "worried afraid anxious desperate scared nervous sorge besorgt angst verzweifelt inquiet inquiete"
    " peur preocupado"
    " preocupada miedo nervioso"
)
_PLEASED = word_set(
    "happy great wonderful lovely perfect excellent delighted love thrilled super toll wunderbar perfekt"
    " begeistert zufrieden"
    " ravi ravie parfait genial contente encantado encantada perfecto excelente feliz"
)
_NOT = word_set("not no never nicht kein keine nie pas jamais nunca isn't wasn't don't")
_REACH = 2


def mood(text: str) -> str:
    """Return `angry`, `worried`, `pleased`, or "" where nothing tells; a word that is denied does not count."""
    found = words("\n".join(line for line in text.splitlines() if not line.lstrip().startswith(">")))
    said = {"angry": 0, "worried": 0, "pleased": 0}
    for place, word in enumerate(found):
        denied = not _NOT.isdisjoint(found[max(0, place - _REACH) : place])
        kind = _kind(fold(word))
        if kind and not denied:
            said[kind] += 1
    best = max(said, key=lambda kind: said[kind])
    return best if said[best] and list(said.values()).count(said[best]) == 1 else ""


def _kind(word: str) -> str:
    if word in _ANGRY:
        return "angry"
    if word in _WORRIED:
        return "worried"
    return "pleased" if word in _PLEASED else ""
