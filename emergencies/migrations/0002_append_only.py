"""What was told stays as it was told: the database itself refuses to change or delete sightings and entries."""

from django.db import migrations

REFUSE = """
CREATE FUNCTION emergencies_kept() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'UPDATE' AND (to_jsonb(NEW) - ARRAY['klass', 'known_until']) = (to_jsonb(OLD) - ARRAY['klass', 'known_until'])
    THEN
        RETURN NEW;
    END IF;
    RAISE EXCEPTION 'the timeline is only ever added to: % of % refused', TG_OP, TG_TABLE_NAME;
END $$;
CREATE TRIGGER a_sighting_is_kept BEFORE UPDATE OR DELETE ON emergencies_sighting
    FOR EACH ROW EXECUTE FUNCTION emergencies_kept();
CREATE TRIGGER an_entry_is_kept BEFORE UPDATE OR DELETE ON emergencies_entry
    FOR EACH ROW EXECUTE FUNCTION emergencies_kept();
"""

ALLOW = """
DROP TRIGGER a_sighting_is_kept ON emergencies_sighting;
DROP TRIGGER an_entry_is_kept ON emergencies_entry;
DROP FUNCTION emergencies_kept();
"""


class Migration(migrations.Migration):
    dependencies = [("emergencies", "0001_initial")]
    operations = [migrations.RunSQL(REFUSE, ALLOW)]
