"""Addresses of complaints: the pages anybody may open, her own pages, and the handlers'."""

from django.urls import include, path, register_converter

from complaints.views import care, ending, group, inbox, offers, pictures, promised, public, wishes


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
# Hers. The words stay in the phone's history, so they say little.
HERS = [
    path("", inbox.enter, name="my"),
    path("case/", inbox.case, name="my_case"),
    path("write/", inbox.write, name="my_write"),
    path("help/", inbox.not_safe, name="my_help"),
    path("picture/", pictures.picture, name="my_picture"),
    path("picture/<uuid:picture>/", pictures.picture_itself, name="my_picture_itself"),
    path("sharing/", inbox.sharing, name="my_sharing"),
    path("place/", inbox.move_outside, name="my_place"),
    path("next/", inbox.handover, name="my_next"),
    path("start/", inbox.choose_route, name="my_start"),
    path("word/", wishes.word, name="my_word"),
    path("again/", wishes.again, name="my_again"),
    path("helper/", wishes.helper, name="my_helper"),
    path("roads/", wishes.roads, name="my_roads"),
    path("yes/<slug:what>/", wishes.wish, name="my_wish"),
    path("number/", inbox.new_number, name="my_number"),
    path("number/typed/", inbox.number_typed, name="my_number_typed"),
    path("with/", group.group, name="my_group"),
    path("with/back/", group.take_back, name="my_group_back"),
    path("apart/", group.leave, name="my_apart"),
    path("more/", offers.offered, name="my_offers"),
    path("done/", promised.promised, name="my_done"),
    path("papers/", promised.recommendation, name="my_papers"),
    path("how/", care.how, name="my_how"),
    path("thanks/", care.thanks, name="my_thanks"),
    path("because/", care.because, name="my_because"),
    path("other/", care.other, name="my_other"),
    path("end/", ending.end, name="my_end"),
    path("faces/", ending.faces, name="my_faces"),
    path("open/", ending.open_again, name="my_open"),
    path("clear/", ending.clear, name="my_clear"),
    path("clear/back/", ending.clear_back, name="my_clear_back"),
    path("keep/", ending.keep, name="my_keep"),
    path("way/", ending.way, name="my_way"),
    path("pause/", inbox.stop, name="my_pause"),
    path("on/", inbox.go_on, name="my_on"),
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
    path("my/", include(HERS)),
    path("<country:country>/", include(COUNTRY)),
]
