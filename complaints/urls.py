"""Addresses of complaints: the pages anybody may open, her own pages, and the handlers'."""

from django.urls import include, path, register_converter

from complaints.views import public


class CountryConverter:
    """A country in an address: two small letters."""

    regex = "[a-z]{2}"

    def to_python(self, value: str) -> str:
        return value

    def to_url(self, value: str) -> str:
        return value.lower()


register_converter(CountryConverter, "country")

app_name = "complaints"

PUBLIC = [
    path("", public.front, name="front"),
    path("rights/", public.rights, name="rights"),
    path("holidays/", public.holidays, name="holidays"),
    path("leave/", public.leave, name="leave"),
]
# Last, so that `/my/` is never read as a country.
COUNTRY = [
    path("", public.front, name="front_of"),
    path("tell/", public.tell, name="tell"),
    path("tell/number/", public.typed_back, name="typed_back"),
    path("help/", public.get_help, name="help"),
    path("rights/", public.rights, name="rights_of"),
    path("holidays/", public.holidays, name="holidays_of"),
]

urlpatterns = [
    *PUBLIC,
    path("<country:country>/", include(COUNTRY)),
]
