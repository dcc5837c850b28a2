"""Append-only history, order number sequence and live hints, in the database itself."""

from django.db import migrations

SQL = """
CREATE SEQUENCE IF NOT EXISTS order_number_sequence MINVALUE 0 MAXVALUE 999999 START 1 CYCLE;

CREATE FUNCTION orders_event_is_append_only() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'orders_event is append-only' USING ERRCODE = 'insufficient_privilege';
END $$;
CREATE TRIGGER event_append_only BEFORE UPDATE OR DELETE ON orders_event
    FOR EACH ROW EXECUTE FUNCTION orders_event_is_append_only();
CREATE TRIGGER event_no_truncate BEFORE TRUNCATE ON orders_event
    FOR EACH STATEMENT EXECUTE FUNCTION orders_event_is_append_only();

CREATE FUNCTION orders_event_hint() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    PERFORM pg_notify('huying_hints', NEW.order_id || ' ' || NEW.seq || ' ' || NEW.kind);
    RETURN NULL;
END $$;
CREATE TRIGGER event_hint AFTER INSERT ON orders_event FOR EACH ROW EXECUTE FUNCTION orders_event_hint();
"""
UNDO = """
DROP TRIGGER event_hint ON orders_event;
DROP FUNCTION orders_event_hint();
DROP TRIGGER event_no_truncate ON orders_event;
DROP TRIGGER event_append_only ON orders_event;
DROP FUNCTION orders_event_is_append_only();
DROP SEQUENCE order_number_sequence;
"""


class Migration(migrations.Migration):
    dependencies = [("orders", "0002_initial")]
    operations = [migrations.RunSQL(SQL, UNDO)]
