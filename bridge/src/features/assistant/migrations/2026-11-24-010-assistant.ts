import { sql, type Kysely } from 'kysely'
import { tenantTable, type MigrationFile } from '../../../platform/database/index.ts'

export const assistantTables: MigrationFile = {
  name: '2026-11-24-010-assistant',
  up: async (db) => {
    await conversationTables(db)
    await requestTables(db)
    await operationTables(db)
    for (const table of TABLES) await tenantTable(db, table)
  },
}

const TABLES = [
  'conversation',
  'message',
  'conversation_summary',
  'request',
  'request_event',
  'operation_list',
  'operation',
]

async function conversationTables(db: Kysely<unknown>): Promise<void> {
  await sql`create table conversation (
    id text primary key, site_id text not null, team_id text not null, person text not null,
    title text not null, titled boolean not null, context jsonb,
    message_count integer not null default 0, idempotency_key text,
    created_at timestamptz not null, updated_at timestamptz not null)`.execute(db)
  await sql`create index conversation_of_person
    on conversation (site_id, team_id, person, updated_at desc, id desc)`.execute(db)
  await sql`create unique index conversation_key
    on conversation (site_id, team_id, person, idempotency_key)
    where idempotency_key is not null`.execute(db)
  await sql`create table message (
    id text primary key, site_id text not null, team_id text not null,
    conversation_id text not null references conversation on delete cascade,
    number integer not null, role text not null, text text not null, request_id text,
    parts jsonb not null, memory jsonb, created_at timestamptz not null,
    unique (conversation_id, number))`.execute(db)
  await sql`create table conversation_summary (
    conversation_id text primary key references conversation on delete cascade,
    site_id text not null, team_id text not null, up_to_number integer not null,
    text text not null, facts jsonb not null, created_at timestamptz not null)`.execute(db)
}

async function requestTables(db: Kysely<unknown>): Promise<void> {
  await sql`create table request (
    id text primary key, site_id text not null, team_id text not null, person text not null,
    conversation_id text references conversation on delete set null,
    source text not null, text text not null, state text not null, route jsonb, error jsonb,
    model_calls integer not null default 0, input_tokens integer not null default 0,
    output_tokens integer not null default 0, nano_usd bigint not null default 0,
    undone_by text, undoes text, idempotency_key text, body_hash text,
    event_count integer not null default 0, runner_id text, runner_seen_at timestamptz,
    created_at timestamptz not null, finished_at timestamptz,
    version integer not null default 1, published_version integer not null default 0)`.execute(db)
  await sql`create index request_of_person
    on request (site_id, team_id, person, created_at desc, id desc)`.execute(db)
  await sql`create unique index request_key
    on request (site_id, team_id, person, idempotency_key)
    where idempotency_key is not null`.execute(db)
  await sql`create index request_running on request (runner_seen_at)
    where state in ('queued', 'running')`.execute(db)
  await sql`create index request_unpublished on request (created_at)
    where published_version < version`.execute(db)
  await sql`create table request_event (
    request_id text not null references request on delete cascade, seq integer not null,
    site_id text not null, team_id text not null, event jsonb not null,
    primary key (request_id, seq))`.execute(db)
}

async function operationTables(db: Kysely<unknown>): Promise<void> {
  await sql`create table operation_list (
    id text primary key, site_id text not null, team_id text not null,
    request_id text not null references request on delete cascade, person text not null,
    kind text not null, state text not null, hash text not null, summary text not null,
    operations jsonb not null, previews jsonb not null, outcomes jsonb not null,
    conflicts jsonb not null, refusal jsonb,
    changed_since_approval boolean not null default false,
    apply_sent boolean not null default false, attempts integer not null default 0,
    settling_until timestamptz, undoes_request_id text, undo_ids jsonb,
    proposed_at timestamptz not null, decided_at timestamptz, decided_by text)`.execute(db)
  await sql`create index operation_list_of_request on operation_list (request_id)`.execute(db)
  await sql`create index operation_list_approving on operation_list (settling_until)
    where state = 'approving'`.execute(db)
  await sql`create table operation (
    id text primary key, site_id text not null, team_id text not null,
    operation_list_id text not null references operation_list on delete cascade,
    request_id text not null, position integer not null, action text not null,
    doctype text not null, document_name text, state text not null, undone_by text)`.execute(db)
  await sql`create index operation_of_list on operation (operation_list_id, position)`.execute(db)
}
