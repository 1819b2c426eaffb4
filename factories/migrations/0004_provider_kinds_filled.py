"""What each provider does becomes the first of its kinds."""

from django.db import migrations


def fill(apps, schema_editor):
    """Put the one kind into the list; a list that is filled already stays."""
    provider = apps.get_model("factories", "ServiceProvider")
    for kind in provider.objects.order_by().values_list("kind", flat=True).distinct():
        provider.objects.filter(kind=kind, kinds=[]).update(kinds=[kind])


def empty(apps, schema_editor):
    """Give each its first kind again; the kind that the old list did not know becomes counselling."""
    provider = apps.get_model("factories", "ServiceProvider")
    for kinds in provider.objects.order_by().values_list("kinds", flat=True).distinct():
        kind = "counselling" if kinds[0] == "mental_health" else kinds[0]
        provider.objects.filter(kinds=kinds).update(kind=kind)


class Migration(migrations.Migration):
    dependencies = [
        ("factories", "0003_providers_vetted_by_rows"),
    ]

    operations = [
        migrations.RunPython(fill, empty),
    ]
