/**
 * The catalog's tables. Each entry brings a catalog from the version before it (its place in the list) to the next; an entry
 * that was released never changes. What belongs to a function goes with it: every table but users and totals refers to functions.
 */
export const MIGRATIONS: readonly string[] = [
	`
CREATE TABLE functions (
	id INTEGER PRIMARY KEY AUTOINCREMENT,
	project TEXT NOT NULL,
	package TEXT NOT NULL,
	name TEXT NOT NULL,
	resource_id TEXT NOT NULL UNIQUE,
	created_ms INTEGER NOT NULL,
	-- Revisions ever made, latest included: the sequence of the newest.
	sequence INTEGER NOT NULL DEFAULT 1,
	UNIQUE (project, package, name)
) STRICT;
CREATE INDEX functions_by_project ON functions (project, id);
CREATE INDEX functions_by_package ON functions (project, package, id);

-- Kept with each write, so that telling a count costs the same however many functions there are.
CREATE TABLE totals (
	project TEXT NOT NULL,
	package TEXT NOT NULL,
	functions INTEGER NOT NULL,
	code_bytes INTEGER NOT NULL,
	PRIMARY KEY (project, package)
) STRICT, WITHOUT ROWID;

CREATE TABLE revisions (
	function_id INTEGER NOT NULL REFERENCES functions ON DELETE CASCADE,
	-- 1 is latest, the first published version 2, and so on.
	sequence INTEGER NOT NULL,
	version TEXT NOT NULL,
	description TEXT NOT NULL,
	config TEXT NOT NULL,
	code_type TEXT NOT NULL,
	code_filename TEXT NOT NULL,
	code_bytes INTEGER NOT NULL,
	code_digest TEXT NOT NULL,
	modified_ms INTEGER NOT NULL,
	PRIMARY KEY (function_id, sequence),
	UNIQUE (function_id, version)
) STRICT;
CREATE INDEX revisions_by_digest ON revisions (code_digest);

CREATE TABLE aliases (
	function_id INTEGER NOT NULL REFERENCES functions ON DELETE CASCADE,
	name TEXT NOT NULL,
	version TEXT NOT NULL,
	description TEXT NOT NULL,
	weights TEXT,
	strategy TEXT,
	modified_ms INTEGER NOT NULL,
	PRIMARY KEY (function_id, name),
	UNIQUE (function_id, version)
) STRICT;

CREATE TABLE triggers (
	sequence INTEGER PRIMARY KEY,
	id TEXT NOT NULL UNIQUE,
	function_id INTEGER NOT NULL REFERENCES functions ON DELETE CASCADE,
	qualifier TEXT NOT NULL,
	type TEXT NOT NULL,
	status TEXT NOT NULL,
	group_id TEXT NOT NULL,
	path TEXT NOT NULL,
	match TEXT NOT NULL,
	method TEXT,
	auth TEXT NOT NULL,
	timeout_ms INTEGER,
	event_data TEXT NOT NULL,
	created_ms INTEGER NOT NULL,
	modified_ms INTEGER NOT NULL
) STRICT;
CREATE INDEX triggers_by_function ON triggers (function_id, qualifier);
CREATE INDEX triggers_by_group ON triggers (group_id);
CREATE UNIQUE INDEX triggers_by_path ON triggers (group_id, path, match, coalesce(method, ''),
	coalesce(nullif(event_data ->> 'env_name', ''), 'RELEASE')) WHERE status = 'ACTIVE';
CREATE INDEX triggers_by_api ON triggers (event_data ->> 'api_id');

CREATE TABLE apps (
	id TEXT PRIMARY KEY,
	project TEXT NOT NULL,
	name TEXT NOT NULL,
	remark TEXT NOT NULL,
	app_key TEXT NOT NULL UNIQUE,
	sealed_secret TEXT NOT NULL,
	frozen INTEGER NOT NULL,
	created_ms INTEGER NOT NULL,
	modified_ms INTEGER NOT NULL,
	UNIQUE (project, name)
) STRICT;

CREATE TABLE app_codes (
	id TEXT PRIMARY KEY,
	app_id TEXT NOT NULL REFERENCES apps ON DELETE CASCADE,
	hash TEXT NOT NULL UNIQUE,
	sealed_code TEXT NOT NULL,
	created_ms INTEGER NOT NULL
) STRICT;
CREATE INDEX app_codes_by_app ON app_codes (app_id);

CREATE TABLE app_grants (
	id TEXT PRIMARY KEY,
	app_id TEXT NOT NULL REFERENCES apps ON DELETE CASCADE,
	api_id TEXT NOT NULL,
	created_ms INTEGER NOT NULL,
	UNIQUE (app_id, api_id)
) STRICT;
CREATE INDEX app_grants_by_api ON app_grants (api_id);
-- However a trigger goes, what was granted for its API goes with it.
CREATE TRIGGER app_grants_of_triggers AFTER DELETE ON triggers BEGIN
	DELETE FROM app_grants WHERE api_id = OLD.event_data ->> 'api_id';
END;

CREATE TABLE authorizers (
	id TEXT PRIMARY KEY,
	project TEXT NOT NULL,
	name TEXT NOT NULL,
	function_urn TEXT NOT NULL,
	identities TEXT NOT NULL,
	ttl_seconds INTEGER NOT NULL,
	user_data TEXT NOT NULL,
	created_ms INTEGER NOT NULL,
	modified_ms INTEGER NOT NULL,
	UNIQUE (project, name)
) STRICT;

-- What holds for the calls of APIs. What a kind says is its content, as JSON.
CREATE TABLE policies (
	id TEXT PRIMARY KEY,
	kind TEXT NOT NULL,
	project TEXT NOT NULL,
	name TEXT NOT NULL,
	remark TEXT NOT NULL,
	content TEXT NOT NULL,
	created_ms INTEGER NOT NULL,
	modified_ms INTEGER NOT NULL,
	UNIQUE (kind, project, name)
) STRICT;

CREATE TABLE policy_bindings (
	id TEXT PRIMARY KEY,
	kind TEXT NOT NULL,
	policy_id TEXT NOT NULL REFERENCES policies ON DELETE CASCADE,
	api_id TEXT NOT NULL,
	created_ms INTEGER NOT NULL,
	UNIQUE (kind, api_id)
) STRICT;
CREATE INDEX policy_bindings_by_policy ON policy_bindings (policy_id);
CREATE INDEX policy_bindings_by_api ON policy_bindings (api_id);
CREATE TRIGGER policy_bindings_of_triggers AFTER DELETE ON triggers BEGIN
	DELETE FROM policy_bindings WHERE api_id = OLD.event_data ->> 'api_id';
END;

-- Names of groups. A group is there as long as it has triggers, and its names go with the last of them.
CREATE TABLE domains (
	id TEXT PRIMARY KEY,
	project TEXT NOT NULL,
	group_id TEXT NOT NULL,
	name TEXT NOT NULL UNIQUE,
	created_ms INTEGER NOT NULL
) STRICT;
CREATE INDEX domains_by_group ON domains (group_id);
CREATE TRIGGER domains_of_triggers AFTER DELETE ON triggers
	WHEN NOT EXISTS (SELECT 1 FROM triggers WHERE group_id = OLD.group_id) BEGIN
	DELETE FROM domains WHERE group_id = OLD.group_id;
END;

CREATE TABLE throttle_specials (
	id TEXT PRIMARY KEY,
	throttle_id TEXT NOT NULL REFERENCES policies ON DELETE CASCADE,
	app_id TEXT NOT NULL REFERENCES apps ON DELETE CASCADE,
	call_limit INTEGER NOT NULL,
	created_ms INTEGER NOT NULL,
	UNIQUE (throttle_id, app_id)
) STRICT;
CREATE INDEX throttle_specials_by_app ON throttle_specials (app_id);

CREATE TABLE tags (
	function_id INTEGER NOT NULL REFERENCES functions ON DELETE CASCADE,
	key TEXT NOT NULL,
	value TEXT NOT NULL,
	PRIMARY KEY (function_id, key)
) STRICT, WITHOUT ROWID;

CREATE TABLE reserved (
	function_id INTEGER NOT NULL REFERENCES functions ON DELETE CASCADE,
	qualifier TEXT NOT NULL,
	count INTEGER NOT NULL,
	idle_mode INTEGER NOT NULL,
	tactics TEXT,
	PRIMARY KEY (function_id, qualifier)
) STRICT, WITHOUT ROWID;

CREATE TABLE test_events (
	sequence INTEGER PRIMARY KEY,
	id TEXT NOT NULL UNIQUE,
	function_id INTEGER NOT NULL REFERENCES functions ON DELETE CASCADE,
	name TEXT NOT NULL,
	content TEXT NOT NULL,
	modified_ms INTEGER NOT NULL,
	UNIQUE (function_id, name)
) STRICT;

CREATE TABLE statistics (
	function_id INTEGER NOT NULL REFERENCES functions ON DELETE CASCADE,
	minute_ms INTEGER NOT NULL,
	count INTEGER NOT NULL,
	fail_count INTEGER NOT NULL,
	function_error_count INTEGER NOT NULL,
	system_error_count INTEGER NOT NULL,
	reject_count INTEGER NOT NULL,
	duration_ms REAL NOT NULL,
	duration_ms_max REAL NOT NULL,
	duration_ms_min REAL NOT NULL,
	concurrency_max INTEGER NOT NULL,
	instances_max INTEGER NOT NULL,
	PRIMARY KEY (function_id, minute_ms)
) STRICT, WITHOUT ROWID;
CREATE INDEX statistics_by_minute ON statistics (minute_ms);

-- Outlives the functions it counts: what was used in a month was used.
CREATE TABLE months (
	project TEXT NOT NULL,
	month TEXT NOT NULL,
	count INTEGER NOT NULL,
	gb_ms REAL NOT NULL,
	PRIMARY KEY (project, month)
) STRICT, WITHOUT ROWID;

CREATE TABLE users (
	name TEXT PRIMARY KEY,
	rights TEXT NOT NULL,
	access_key TEXT NOT NULL UNIQUE,
	sealed_secret_key TEXT NOT NULL,
	token_hash TEXT UNIQUE,
	created_ms INTEGER NOT NULL
) STRICT;
`,
];
