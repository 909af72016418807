"""Public holidays by country and region, from the `holidays` library: worked out per year, kept in memory."""

from __future__ import annotations

from datetime import date
from functools import lru_cache
from typing import Final

from django.utils.translation import gettext_lazy as _

#: Countries to choose from; the library knows more, and these are named in our languages.
COUNTRIES: Final = {
    "AT": _("Austria"),
    "BE": _("Belgium"),
    "CA": _("Canada"),
    "CH": _("Switzerland"),
    "CZ": _("Czechia"),
    "DE": _("Germany"),
    "DK": _("Denmark"),
    "ES": _("Spain"),
    "FI": _("Finland"),
    "FR": _("France"),
    "GB": _("United Kingdom"),
    "IE": _("Ireland"),
    "IT": _("Italy"),
    "LU": _("Luxembourg"),
    "NL": _("Netherlands"),
    "NO": _("Norway"),
    "PL": _("Poland"),
    "PT": _("Portugal"),
    "SE": _("Sweden"),
    "US": _("United States"),
}


@lru_cache(maxsize=512)
def of_year(country: str, region: str, year: int) -> dict[date, str]:
    """The year's holidays with their names as the country calls them; none for a country we do not offer."""
    if country not in COUNTRIES:
        return {}
    import holidays  # a tenth of a second, and only where a shop has chosen a country

    known = region if region in regions(country) else None
    return dict(holidays.country_holidays(country, subdiv=known, years=year))


@lru_cache(maxsize=64)
def regions(country: str) -> tuple[str, ...]:
    """The codes of the country's regions."""
    if country not in COUNTRIES:
        return ()
    import holidays

    return tuple(holidays.country_holidays(country).subdivisions)


@lru_cache(maxsize=64)
def region_names(country: str) -> dict[str, str]:
    """Region code -> its longest name, where the library has one."""
    if country not in COUNTRIES:
        return {}
    import holidays

    aliases = holidays.country_holidays(country).get_subdivision_aliases()
    return {code: max([code, *aliases.get(code, [])], key=len) for code in regions(country)}


def is_holiday(country: str, region: str, day: date) -> bool:
    """Whether that day is a public holiday there."""
    return bool(country) and day in of_year(country, region, day.year)
