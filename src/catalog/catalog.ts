/**
 * What is deployed: one SQLite file in the state folder. Reading and writing are synchronous, since they take microseconds and
 * the event loop has nothing better to do with an answer half known. A write is one transaction, on the disk when the call returns.
 */
import { closeSync, existsSync, mkdirSync, openSync } from 'node:fs';
import path from 'node:path';
import { RuntimeError } from '../contract/errors.ts';
import { AliasStore } from './alias-store.ts';
import { AppStore } from './app-store.ts';
import { AuthorizerStore } from './authorizer-store.ts';
import { backUpDatabase } from './back-up-database.ts';
import { type CatalogChange, CatalogChanges, type ChangeListener } from './catalog-change.ts';
import { CatalogDatabase } from './catalog-database.ts';
import { DomainStore } from './domain-store.ts';
import { ExtraStore } from './extra-store.ts';
import { type FolderLock, lockFolder } from './folder-lock.ts';
import { FunctionStore } from './function-store.ts';
import { isCurrent, migrate } from './migrate.ts';
import type { AddressRules, PluginContent } from './policy-records.ts';
import { PolicyStore } from './policy-store.ts';
import { RevisionStore } from './revision-store.ts';
import { syncFolder } from './sync-folder.ts';
import { ThrottleStore } from './throttle-store.ts';
import { TriggerStore } from './trigger-store.ts';
import { UserStore } from './user-store.ts';

export type { CatalogChange };

export interface CatalogOptions {
	/** Beside a server that has the folder, for looking after it; that server is not told of changes. */
	readonly shared?: boolean;
	/** Nothing is written. */
	readonly readOnly?: boolean;
	/** Another server reads the tables still: they are not brought to another form. */
	readonly keepTables?: boolean;
}

export class Catalog {
	readonly functions: FunctionStore;
	readonly revisions: RevisionStore;
	readonly aliases: AliasStore;
	readonly triggers: TriggerStore;
	readonly extras: ExtraStore;
	readonly users: UserStore;
	readonly apps: AppStore;
	readonly authorizers: AuthorizerStore;
	readonly throttles: ThrottleStore;
	readonly acls: PolicyStore<AddressRules>;
	readonly plugins: PolicyStore<PluginContent>;
	readonly domains: DomainStore;
	readonly #database: CatalogDatabase;
	#lock: FolderLock | null;
	readonly #folder: string;
	readonly #changes = new CatalogChanges();

	/**
	 * Makes folder and catalog where there is none. Throws ERR_STATE_IN_USE where another server has the folder, ERR_STATE_UNAVAILABLE
	 * where it can not be used.
	 */
	static open(
		folder: string,
		{ shared = false, readOnly = false, keepTables = false }: CatalogOptions = {},
	): Catalog {
		const file = path.join(folder, 'catalog.db');
		makeFile(folder, file);
		const lock = shared ? null : lockFolder(folder);
		try {
			const database = openCurrent(folder, file, { shared, keepTables });
			if (readOnly) database.execute('PRAGMA query_only = ON');
			return new Catalog(database, lock, folder);
		} catch (error) {
			lock?.release();
			throw error;
		}
	}

	private constructor(database: CatalogDatabase, lock: FolderLock | null, folder: string) {
		this.#database = database;
		this.#lock = lock;
		this.#folder = folder;
		this.functions = new FunctionStore(database, this.#changes);
		this.revisions = new RevisionStore(database, this.#changes);
		this.aliases = new AliasStore(database, this.#changes);
		this.triggers = new TriggerStore(database, this.#changes);
		this.extras = new ExtraStore(database, this.#changes);
		this.users = new UserStore(database);
		this.apps = new AppStore(database, this.#changes);
		this.authorizers = new AuthorizerStore(database, this.#changes);
		this.throttles = new ThrottleStore(database, this.#changes);
		this.acls = new PolicyStore(database, this.#changes, 'acl');
		this.plugins = new PolicyStore(database, this.#changes, 'plugin');
		this.domains = new DomainStore(database, this.#changes);
	}

	/**
	 * Told after each change, but of users, that is made here. What a listener throws goes to
	 * whoever made the change, which is on the disk then. Answers how to stop listening.
	 */
	onChange(listener: ChangeListener): () => void {
		return this.#changes.listen(listener);
	}

	/** Writes a copy as it is now, whole or not at all. Throws ERR_STATE_UNAVAILABLE, also where `toFile` is there already. */
	backup(toFile: string): void {
		backUpDatabase(this.#database, toFile);
	}

	/** Another server may have the folder from now on; what is read here is what that one has written. Twice is harmless. */
	unlock(): void {
		this.#lock?.release();
		this.#lock = null;
	}

	/** Has the folder again. Throws ERR_STATE_IN_USE. */
	lock(): void {
		this.#lock ??= lockFolder(this.#folder);
	}

	/** Twice is harmless. */
	close(): void {
		this.#database.close();
		this.#lock?.release();
	}
}

/** Nobody else reads what is in it: secrets are sealed, and still nobody's business. */
function makeFile(folder: string, file: string): void {
	try {
		const made = mkdirSync(folder, { recursive: true, mode: 0o700 });
		if (made !== undefined) syncFolder(path.dirname(made));
		// One that is there is not opened: to close it again would take the locks that this process has on it.
		closeSync(openSync(file, 'ax', 0o600));
		syncFolder(folder);
	} catch (error) {
		const { code } = error as NodeJS.ErrnoException;
		if (code === 'EEXIST' && existsSync(file)) return;
		const message = `could not open the catalog ${file}: ${code ?? error}; wanted a folder that can be written`;
		throw new RuntimeError('ERR_STATE_UNAVAILABLE', message, { cause: error });
	}
}

function openCurrent(
	folder: string,
	file: string,
	{ shared, keepTables }: Required<Omit<CatalogOptions, 'readOnly'>>,
): CatalogDatabase {
	const database = new CatalogDatabase(file);
	try {
		// A server must not find its tables changed.
		if (isCurrent(database)) return database;
		if (keepTables) throw otherTables(file);
		migrate(database, () => (shared ? lockFolder(folder) : null));
		return database;
	} catch (error) {
		database.close();
		throw error;
	}
}

function otherTables(file: string): RuntimeError {
	return new RuntimeError(
		'ERR_UPGRADE_FAILED',
		`the catalog ${file} would get another form while another server reads it; wanted: stop that one and start this one`,
	);
}
