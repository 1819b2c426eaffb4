from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("complaints", "0003_heads_checked_again")]

    operations = [migrations.AddField("case", "urgent_shows_at", models.DateTimeField(null=True))]
