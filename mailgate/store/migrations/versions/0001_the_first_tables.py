"""The first tables."""

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Bring the tables to this revision."""
    op.create_table(
        "account",
        sa.Column("number", sa.Text(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("language", sa.Text(), nullable=True),
        sa.Column("service_level", sa.Text(), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.PrimaryKeyConstraint("number", name=op.f("pk_account")),
    )
    op.create_table(
        "job",
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("last_run", sa.DateTime(timezone=True), nullable=True),
        sa.Column("next_run", sa.DateTime(timezone=True), nullable=True),
        sa.Column("last_result", sa.Text(), nullable=True),
        sa.PrimaryKeyConstraint("name", name=op.f("pk_job")),
    )
    op.create_table(
        "lease",
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("owner", sa.Text(), nullable=False),
        sa.Column("until", sa.DateTime(timezone=True), nullable=False),
        sa.Column("fence", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("name", name=op.f("pk_lease")),
    )
    op.create_table(
        "contact",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("account", sa.Text(), nullable=False),
        sa.Column("address", sa.Text(), nullable=False),
        sa.Column("domain", sa.Text(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("role", sa.Text(), nullable=False),
        sa.Column("mail_kinds", sa.JSON(), nullable=False),
        sa.Column("valid_until", sa.Date(), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint("role IN ('owner', 'technical', 'billing', 'contact')", name=op.f("ck_contact_role")),
        sa.ForeignKeyConstraint(["account"], ["account.number"], name=op.f("fk_contact_account")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_contact")),
    )
    op.create_index("ix_contact_address", "contact", ["address"], unique=False)
    op.create_index("ix_contact_domain", "contact", ["domain"], unique=False)
    op.create_index(
        "uq_contact_account_address",
        "contact",
        ["account", "address"],
        unique=True,
        sqlite_where=sa.text("ended_at IS NULL"),
        postgresql_where=sa.text("ended_at IS NULL"),
    )

    op.create_table(
        "product",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("account", sa.Text(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("lookup", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["account"], ["account.number"], name=op.f("fk_product_account")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_product")),
        sa.UniqueConstraint("account", "kind", "name", name=op.f("uq_product_account_kind_name")),
    )
    op.create_index("ix_product_kind_lookup", "product", ["kind", "lookup"], unique=False)

    op.create_table(
        "ticket",
        sa.Column("number", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("subject", sa.Text(), nullable=False),
        sa.Column("department", sa.Text(), nullable=False),
        sa.Column("priority", sa.Text(), nullable=False),
        sa.Column("language", sa.Text(), nullable=False),
        sa.Column("account", sa.Text(), nullable=True),
        sa.Column("requester", sa.Text(), nullable=False),
        sa.Column("requester_name", sa.Text(), nullable=False),
        sa.Column("assurance", sa.Text(), nullable=False),
        sa.Column("request_kind", sa.Text(), nullable=False),
        sa.Column("assignee", sa.Text(), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("closed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("linked_to", sa.Integer(), nullable=True),
        sa.Column("held_reason", sa.Text(), nullable=True),
        sa.Column("receipt_sent_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("acknowledged_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("responded_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint(
            "assurance IN ('refuted', 'unproved', 'proved', 'confirmed')", name=op.f("ck_ticket_assurance")
        ),
        sa.CheckConstraint("priority IN ('normal', 'high')", name=op.f("ck_ticket_priority")),
        sa.CheckConstraint("request_kind IN ('general', 'account', 'sensitive')", name=op.f("ck_ticket_request_kind")),
        sa.CheckConstraint("state IN ('held', 'new', 'open', 'waiting', 'closed')", name=op.f("ck_ticket_state")),
        sa.ForeignKeyConstraint(["account"], ["account.number"], name=op.f("fk_ticket_account")),
        sa.ForeignKeyConstraint(["linked_to"], ["ticket.number"], name=op.f("fk_ticket_linked_to")),
        sa.PrimaryKeyConstraint("number", name=op.f("pk_ticket")),
    )
    op.create_index("ix_ticket_account", "ticket", ["account"], unique=False)
    op.create_index("ix_ticket_department", "ticket", ["department"], unique=False)
    op.create_index("ix_ticket_linked_to", "ticket", ["linked_to"], unique=False)
    op.create_index("ix_ticket_requester", "ticket", ["requester"], unique=False)
    op.create_index("ix_ticket_state", "ticket", ["state"], unique=False)

    op.create_table(
        "clock",
        sa.Column("ticket", sa.Integer(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("started_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("due_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("stopped_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("flagged_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint("name IN ('receipt', 'acknowledge', 'respond')", name=op.f("ck_clock_name")),
        sa.ForeignKeyConstraint(["ticket"], ["ticket.number"], name=op.f("fk_clock_ticket")),
        sa.PrimaryKeyConstraint("ticket", "name", name=op.f("pk_clock")),
    )
    op.create_index(
        "ix_clock_running",
        "clock",
        ["due_at"],
        unique=False,
        sqlite_where=sa.text("stopped_at IS NULL AND flagged_at IS NULL"),
        postgresql_where=sa.text("stopped_at IS NULL AND flagged_at IS NULL"),
    )

    op.create_table(
        "flag",
        sa.Column("ticket", sa.Integer(), nullable=False),
        sa.Column("flag", sa.Text(), nullable=False),
        sa.Column("set_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.CheckConstraint(
            "flag IN ('receipt-overdue', 'unacknowledged', 'response-overdue', 'held-too-long', 'undelivered', 'stranger', 'unproved', 'lookalike')",
            name=op.f("ck_flag_flag"),
        ),
        sa.ForeignKeyConstraint(["ticket"], ["ticket.number"], name=op.f("fk_flag_ticket")),
        sa.PrimaryKeyConstraint("ticket", "flag", name=op.f("pk_flag")),
    )
    op.create_index("ix_flag_flag", "flag", ["flag"], unique=False)

    op.create_table(
        "inbound",
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("received_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("transport", sa.Text(), nullable=False),
        sa.Column("client", sa.Text(), nullable=True),
        sa.Column("helo", sa.Text(), nullable=True),
        sa.Column("client_trusted", sa.Boolean(), nullable=False),
        sa.Column("reverse_path", sa.Text(), nullable=False),
        sa.Column("recipients", sa.JSON(), nullable=False),
        sa.Column("transport_key", sa.Text(), nullable=True),
        sa.Column("sha256", sa.Text(), nullable=False),
        sa.Column("size", sa.Integer(), nullable=False),
        sa.Column("delivery_key", sa.Text(), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("outcome", sa.Text(), nullable=True),
        sa.Column("reason", sa.Text(), nullable=True),
        sa.Column("ticket", sa.Integer(), nullable=True),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("alone", sa.Boolean(), nullable=False),
        sa.Column("alone_attempts", sa.Integer(), nullable=False),
        sa.Column("explanation", sa.JSON(), nullable=True),
        sa.Column("message_id", sa.Text(), nullable=True),
        sa.Column("author", sa.Text(), nullable=True),
        sa.Column("body_hash", sa.Text(), nullable=True),
        sa.Column("subject", sa.Text(), nullable=True),
        sa.Column("decided_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint("state IN ('received', 'done', 'failed', 'quarantined')", name=op.f("ck_inbound_state")),
        sa.CheckConstraint(
            "transport IN ('smtp', 'lmtp', 'imap', 'stdin', 'import')", name=op.f("ck_inbound_transport")
        ),
        sa.ForeignKeyConstraint(["ticket"], ["ticket.number"], name=op.f("fk_inbound_ticket")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_inbound")),
    )
    op.create_index(
        "ix_inbound_author_body_hash_received_at", "inbound", ["author", "body_hash", "received_at"], unique=False
    )
    op.create_index("ix_inbound_delivery_key", "inbound", ["delivery_key"], unique=False)
    op.create_index("ix_inbound_message_id", "inbound", ["message_id"], unique=False)
    op.create_index("ix_inbound_received_at_id", "inbound", ["received_at", "id"], unique=False)
    op.create_index("ix_inbound_state_received_at_id", "inbound", ["state", "received_at", "id"], unique=False)
    op.create_index("ix_inbound_ticket", "inbound", ["ticket"], unique=False)

    op.create_table(
        "key",
        sa.Column("key", sa.Text(), nullable=False),
        sa.Column("ticket", sa.Integer(), nullable=False),
        sa.Column("person", sa.Text(), nullable=False),
        sa.Column("purpose", sa.Text(), nullable=False),
        sa.Column("issued_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("used_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("used_for", sa.Text(), nullable=True),
        sa.Column("revoked_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint("purpose IN ('reply', 'note', 'confirm', 'bounce')", name=op.f("ck_key_purpose")),
        sa.CheckConstraint("length(key) = 26", name=op.f("ck_key_length")),
        sa.ForeignKeyConstraint(["ticket"], ["ticket.number"], name=op.f("fk_key_ticket")),
        sa.PrimaryKeyConstraint("key", name=op.f("pk_key")),
    )
    op.create_index("ix_key_ticket", "key", ["ticket"], unique=False)

    op.create_table(
        "participant",
        sa.Column("ticket", sa.Integer(), nullable=False),
        sa.Column("address", sa.Text(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("role", sa.Text(), nullable=False),
        sa.Column("added_by", sa.Text(), nullable=False),
        sa.Column("added_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("role IN ('requester', 'contact', 'third-party')", name=op.f("ck_participant_role")),
        sa.ForeignKeyConstraint(["ticket"], ["ticket.number"], name=op.f("fk_participant_ticket")),
        sa.PrimaryKeyConstraint("ticket", "address", name=op.f("pk_participant")),
    )
    op.create_index("ix_participant_address", "participant", ["address"], unique=False)

    op.create_table(
        "ticket_department",
        sa.Column("ticket", sa.Integer(), nullable=False),
        sa.Column("department", sa.Text(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["ticket"], ["ticket.number"], name=op.f("fk_ticket_department_ticket")),
        sa.PrimaryKeyConstraint("ticket", "department", name=op.f("pk_ticket_department")),
    )
    op.create_index("ix_ticket_department_department", "ticket_department", ["department"], unique=False)

    op.create_table(
        "entry",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("ticket", sa.Integer(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("author", sa.Text(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("message_id", sa.Text(), nullable=True),
        sa.Column("assurance", sa.Text(), nullable=True),
        sa.Column("inbound", sa.Text(), nullable=True),
        sa.Column("attachments", sa.JSON(), nullable=False),
        sa.CheckConstraint(
            "assurance IN ('refuted', 'unproved', 'proved', 'confirmed')", name=op.f("ck_entry_assurance")
        ),
        sa.CheckConstraint("kind IN ('customer', 'agent', 'note', 'system')", name=op.f("ck_entry_kind")),
        sa.ForeignKeyConstraint(["inbound"], ["inbound.id"], name=op.f("fk_entry_inbound")),
        sa.ForeignKeyConstraint(["ticket"], ["ticket.number"], name=op.f("fk_entry_ticket")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_entry")),
        sqlite_autoincrement=True,
    )
    op.create_index("ix_entry_inbound", "entry", ["inbound"], unique=False)
    op.create_index("ix_entry_message_id", "entry", ["message_id"], unique=False)
    op.create_index("ix_entry_ticket_id", "entry", ["ticket", "id"], unique=False)

    op.create_table(
        "event",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("ticket", sa.Integer(), nullable=True),
        sa.Column("inbound", sa.Text(), nullable=True),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("actor", sa.Text(), nullable=False),
        sa.Column("detail", sa.JSON(), nullable=False),
        sa.ForeignKeyConstraint(["inbound"], ["inbound.id"], name=op.f("fk_event_inbound")),
        sa.ForeignKeyConstraint(["ticket"], ["ticket.number"], name=op.f("fk_event_ticket")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_event")),
        sqlite_autoincrement=True,
    )
    op.create_index("ix_event_inbound", "event", ["inbound"], unique=False)
    op.create_index("ix_event_ticket_id", "event", ["ticket", "id"], unique=False)

    op.create_table(
        "outbox",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("effect", sa.Text(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("ticket", sa.Integer(), nullable=True),
        sa.Column("inbound", sa.Text(), nullable=True),
        sa.Column("recipient", sa.Text(), nullable=False),
        sa.Column("subject", sa.Text(), nullable=True),
        sa.Column("notice", sa.JSON(), nullable=False),
        sa.Column("message_id", sa.Text(), nullable=False),
        sa.Column("body", sa.LargeBinary(), nullable=True),
        sa.Column("reverse_path", sa.Text(), nullable=True),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("next_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("lease_owner", sa.Text(), nullable=True),
        sa.Column("lease_until", sa.DateTime(timezone=True), nullable=True),
        sa.Column("fence", sa.Integer(), nullable=False),
        sa.Column("last_reply", sa.Text(), nullable=True),
        sa.Column("automatic", sa.Boolean(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("sent_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint(
            "state IN ('ready', 'leased', 'in-doubt', 'sent', 'deferred', 'failed', 'held')",
            name=op.f("ck_outbox_state"),
        ),
        sa.ForeignKeyConstraint(["inbound"], ["inbound.id"], name=op.f("fk_outbox_inbound")),
        sa.ForeignKeyConstraint(["ticket"], ["ticket.number"], name=op.f("fk_outbox_ticket")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_outbox")),
        sa.UniqueConstraint("effect", name=op.f("uq_outbox_effect")),
        sa.UniqueConstraint("message_id", name=op.f("uq_outbox_message_id")),
        sqlite_autoincrement=True,
    )
    op.create_index("ix_outbox_created_at", "outbox", ["created_at"], unique=False)
    op.create_index("ix_outbox_inbound", "outbox", ["inbound"], unique=False)
    op.create_index("ix_outbox_recipient_created_at", "outbox", ["recipient", "created_at"], unique=False)
    op.create_index("ix_outbox_state_next_at_id", "outbox", ["state", "next_at", "id"], unique=False)
    op.create_index("ix_outbox_ticket", "outbox", ["ticket"], unique=False)

    op.create_table(
        "pin_try",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("account", sa.Text(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("step", sa.Integer(), nullable=True),
        sa.Column("ticket", sa.Integer(), nullable=True),
        sa.Column("inbound", sa.Text(), nullable=True),
        sa.ForeignKeyConstraint(["inbound"], ["inbound.id"], name=op.f("fk_pin_try_inbound")),
        sa.ForeignKeyConstraint(["ticket"], ["ticket.number"], name=op.f("fk_pin_try_ticket")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_pin_try")),
        sa.UniqueConstraint("account", "step", name=op.f("uq_pin_try_account_step")),
    )
    op.create_index("ix_pin_try_at", "pin_try", ["at"], unique=False)
    op.create_index("ix_pin_try_inbound", "pin_try", ["inbound"], unique=False)
    op.create_index("ix_pin_try_ticket", "pin_try", ["ticket"], unique=False)

    op.create_table(
        "raw",
        sa.Column("inbound", sa.Text(), nullable=False),
        sa.Column("content", sa.LargeBinary(), nullable=False),
        sa.ForeignKeyConstraint(["inbound"], ["inbound.id"], name=op.f("fk_raw_inbound"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("inbound", name=op.f("pk_raw")),
    )
    op.create_table(
        "seen",
        sa.Column("effect", sa.Text(), nullable=False),
        sa.Column("inbound", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["inbound"], ["inbound.id"], name=op.f("fk_seen_inbound"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("effect", name=op.f("pk_seen")),
    )
    op.create_index("ix_seen_inbound", "seen", ["inbound"], unique=False)

    # A table that Alembic rebuilds on SQLite loses its triggers: whoever changes `event` sets them again.
    if op.get_bind().dialect.name == "postgresql":
        op.execute(
            "CREATE FUNCTION event_is_append_only() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN "
            "RAISE EXCEPTION 'the event log is append-only' USING ERRCODE = 'integrity_constraint_violation'; END $$"
        )
        op.execute(
            "CREATE TRIGGER event_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON event "
            "FOR EACH STATEMENT EXECUTE FUNCTION event_is_append_only()"
        )
    else:
        for verb in ("UPDATE", "DELETE"):
            op.execute(
                f"CREATE TRIGGER event_append_only_{verb.lower()} BEFORE {verb} ON event "
                "BEGIN SELECT RAISE(ABORT, 'the event log is append-only'); END"
            )
