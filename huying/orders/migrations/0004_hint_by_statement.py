"""Live hints once per statement: one notification per event, or a single `many` for a bulk insert."""

from django.db import migrations

SQL = """
DROP TRIGGER event_hint ON orders_event;
CREATE OR REPLACE FUNCTION orders_event_hint() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF (SELECT count(*) FROM made) > 50 THEN
        -- listeners read everything again anyway; identical notifications of a transaction are sent once
        PERFORM pg_notify('huying_hints', 'many');
    ELSE
        PERFORM pg_notify('huying_hints', order_id || ' ' || kind) FROM made ORDER BY id;
    END IF;
    RETURN NULL;
END $$;
CREATE TRIGGER event_hint AFTER INSERT ON orders_event REFERENCING NEW TABLE AS made
    FOR EACH STATEMENT EXECUTE FUNCTION orders_event_hint();
"""
UNDO = """
DROP TRIGGER event_hint ON orders_event;
CREATE OR REPLACE FUNCTION orders_event_hint() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    PERFORM pg_notify('huying_hints', NEW.order_id || ' ' || NEW.seq || ' ' || NEW.kind);
    RETURN NULL;
END $$;
CREATE TRIGGER event_hint AFTER INSERT ON orders_event FOR EACH ROW EXECUTE FUNCTION orders_event_hint();
"""


class Migration(migrations.Migration):
    dependencies = [("orders", "0003_history_guard")]
    operations = [migrations.RunSQL(SQL, UNDO)]
