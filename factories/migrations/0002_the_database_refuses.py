"""A factory is live only in a country that is live; the database refuses anything else."""

from django.db import migrations

FORWARD = """
CREATE FUNCTION factories_check_factory_is_live() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE country_status text;
BEGIN
    -- The lock makes a country that is being closed in the same moment wait, or us.
    SELECT status INTO country_status FROM factories_countrypack WHERE code = NEW.country_id FOR SHARE;
    IF country_status IS DISTINCT FROM 'live' THEN
        RAISE EXCEPTION 'A live factory needs a live country.'
            USING ERRCODE = 'check_violation', CONSTRAINT = 'factory_live_needs_live_country';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER factory_live_needs_live_country
    BEFORE INSERT OR UPDATE OF status, country_id ON factories_factory
    FOR EACH ROW WHEN (NEW.status = 'live') EXECUTE FUNCTION factories_check_factory_is_live();

CREATE FUNCTION factories_check_country_has_no_live_factory() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF EXISTS (SELECT 1 FROM factories_factory WHERE country_id = OLD.code AND status = 'live') THEN
        RAISE EXCEPTION 'A country with live factories stays live.'
            USING ERRCODE = 'check_violation', CONSTRAINT = 'countrypack_with_live_factories_stays_live';
    END IF;
    RETURN NULL;
END $$;
CREATE TRIGGER countrypack_with_live_factories_stays_live
    AFTER UPDATE OF status ON factories_countrypack
    FOR EACH ROW WHEN (OLD.status = 'live' AND NEW.status <> 'live')
    EXECUTE FUNCTION factories_check_country_has_no_live_factory();
"""
BACKWARD = """
DROP TRIGGER countrypack_with_live_factories_stays_live ON factories_countrypack;
DROP FUNCTION factories_check_country_has_no_live_factory();
DROP TRIGGER factory_live_needs_live_country ON factories_factory;
DROP FUNCTION factories_check_factory_is_live();
"""


class Migration(migrations.Migration):
    # Where the tables were made step by step before the first release, they stand already.
    replaces = [
        ("factories", "0002_live_factory_needs_live_country"),
        ("factories", "0003_providers_vetted_by_rows"),
        ("factories", "0004_provider_kinds_filled"),
        ("factories", "0005_provider_kind_gone"),
        ("factories", "0006_package"),
        ("factories", "0007_requests_of_the_factory"),
    ]
    dependencies = [("factories", "0001_initial")]

    operations = [migrations.RunSQL(FORWARD, BACKWARD)]
