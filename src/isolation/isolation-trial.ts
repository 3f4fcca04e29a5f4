/**
 * Whether this host keeps what its rights promise: one place is made when a server accepts, and the server announced only
 * when it stands. The place goes into the stock.
 *
 *   trying ──made──▶ kept
 *      └──refused──▶ the server is stopped, and started again by what `openIsolation` makes of the refusal
 */
import type { FunctionSettings } from '../contract/function-settings.ts';
import type { SandboxSettings } from '../contract/sandbox-settings.ts';
import type { NamespaceIsolation } from './namespace-isolation.ts';

/** A function that is to run in what is opened. */
export interface Tenant {
	readonly function: FunctionSettings;
	readonly sandbox: SandboxSettings;
}

interface Stoppable {
	stop(graceMs: number): Promise<void>;
}

export class IsolationTrial {
	readonly tenants: readonly Tenant[];
	readonly #path: string;
	#isolation: NamespaceIsolation | null = null;
	#refusal: string | null = null;

	constructor(tenants: Iterable<Tenant>, path: string) {
		this.tenants = [...tenants];
		this.#path = path;
	}

	/** Why the host made no place; null as long as none was refused. */
	get refusal(): string | null {
		return this.#refusal;
	}

	/** What is to be tried. Nothing is made yet: the thread that makes places would take the processor from what starts. */
	of(isolation: NamespaceIsolation): void {
		this.#isolation = isolation;
	}

	/** Makes the place. Resolves with whether the host allowed it, or nothing was to be tried. */
	async succeeds(): Promise<boolean> {
		const [tenant] = this.tenants;
		try {
			// Functions that are deployed later need places too.
			if (tenant === undefined) await this.#isolation?.tryPlace(this.#path);
			else await this.#isolation?.prepare(tenant.function, tenant.sandbox, this.#path);
			return true;
		} catch (error) {
			const { message, cause } = error as Error;
			this.#refusal = cause instanceof Error ? cause.message.trim() : message;
			return false;
		}
	}
}

/** One at a time: the program itself is replaced where it enters a user namespace, so a second server would have no other host. */
let current: IsolationTrial | null = null;

/** The one that whoever opens an isolation now is part of. */
export function currentTrial(): IsolationTrial | null {
	return current;
}

/**
 * Starts a server whose isolation is tried with what its first function will need. `start` is called again where the host
 * refused, and rejects then with ERR_ISOLATION_UNAVAILABLE where nothing else will do. `path` is the PATH of httpfn.
 */
export async function startTried<Server extends Stoppable>(
	tenants: Iterable<Tenant>,
	path: string,
	start: () => Promise<Server>,
): Promise<Server> {
	const trial = new IsolationTrial(tenants, path);
	current = trial;
	try {
		const server = await start();
		if (await trial.succeeds()) return server;
		await server.stop(0);
		return await start();
	} finally {
		current = null;
	}
}
