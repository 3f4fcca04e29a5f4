/**
 * Everything that the control plane is made of: the catalog in its state folder, the functions it holds as they are served, and
 * the listener of the platform's API.
 *
 *   open:   state folder locked → strangers refused where others could reach it → functions with reserved instances hosted
 *   listen: the API accepts
 *   drain:  no call is taken any more, those under way may finish (grace)
 *   end:    instances ended → catalog closed
 */
import type { SharedBudget } from '../base/shared-budget.ts';
import { Catalog } from '../catalog/catalog.ts';
import { CodePackages } from '../catalog/code-packages.ts';
import { Sealer } from '../catalog/sealer.ts';
import { listenUrl } from '../config/listen-address.ts';
import type { ControlSettings } from '../config/serve-settings.ts';
import { Authenticator } from '../control/auth/authenticator.ts';
import { requireCredentials } from '../control/auth/require-credentials.ts';
import { ControlServer } from '../control/control-server.ts';
import { openApiDocument } from '../control/openapi/openapi-document.ts';
import { ALL_OPERATIONS, REFUSED_OPERATIONS } from '../control/operations.ts';
import type { Router } from '../gateway/router.ts';
import type { Isolation } from '../process/sandbox.ts';
import type { Log } from '../telemetry/log.ts';
import { RecentLines } from '../telemetry/recent-lines.ts';
import type { Front } from '../workers/front.ts';
import { CatalogForWorkers } from './catalog-for-workers.ts';
import { CatalogInvoker } from './catalog-invoker.ts';
import { DeployedFunctions } from './deployed-functions.ts';
import { FunctionStatistics } from './function-statistics.ts';
import { TriggerApis } from './trigger-apis.ts';
import { TriggerRouter } from './trigger-router.ts';

export interface ControlPlaneOptions {
	readonly settings: ControlSettings;
	readonly isolation: Isolation;
	readonly hostEnvironment: Readonly<Record<string, string>>;
	readonly log: Log;
	readonly functionLog: (name: string) => Log;
	/** Where triggers answer. */
	readonly gatewayUrl: () => string;
	/** Of requests that wait, of all functions of the host. */
	readonly waiting: SharedBudget;
	/** Whether the gateway has certificates. */
	readonly secure: boolean;
	/** Where the API of the server listened whose state folder this one takes over; null: it takes over from none. */
	readonly takesOver: { readonly host: string; readonly port: number } | null;
	/** Where requests come in. */
	readonly front: Pick<Front, 'catalog' | 'requestNames'>;
}

/** What URNs name where nobody says otherwise. */
const REGION = 'cn';
/** Milliseconds between two looks for packages that nobody uses. */
const COLLECTION_MS = 3_600_000;

export class ControlPlane {
	/** The deployed functions, by their triggers. */
	readonly router: Router;
	readonly #catalog: Catalog;
	readonly #functions: DeployedFunctions;
	readonly #server: ControlServer;
	readonly #packages: CodePackages;
	readonly #log: Log;
	readonly #listen: { readonly host: string; readonly port: number };
	/** Where it listens in fact. */
	#address: { readonly host: string; readonly port: number } | null = null;
	/** Null: the state folder is this one's. */
	#lending: Promise<void> | null = null;
	#usedBefore: ReadonlySet<string> = new Set();
	readonly #collection: NodeJS.Timeout;

	/** Throws ERR_STATE_UNAVAILABLE, ERR_STATE_IN_USE, ERR_CREDENTIALS_MISSING, having left nothing open. */
	static open(options: ControlPlaneOptions): ControlPlane {
		const { stateFolder, listen } = options.settings;
		const catalog = Catalog.open(stateFolder, { keepTables: options.takesOver !== null });
		try {
			const { open } = requireCredentials(listen, catalog.users);
			return new ControlPlane(options, catalog, open);
		} catch (error) {
			catalog.close();
			throw error;
		}
	}

	private constructor(options: ControlPlaneOptions, catalog: Catalog, open: boolean) {
		const { settings, log, gatewayUrl, secure, front } = options;
		const { catalog: crew, requestNames } = front;
		const { stateFolder } = settings;
		const sealer = Sealer.open(stateFolder);
		const packages = new CodePackages(stateFolder);
		const lines = new RecentLines();
		const hide = [...settings.hide, stateFolder];
		const region = REGION;
		const deployed = { ...options, catalog, packages, sealer, lines, region, hide, crew, requestNames };
		// Port 0 picked one: who takes over takes that too.
		this.#listen = settings.listen.port === 0 ? (options.takesOver ?? settings.listen) : settings.listen;
		this.#catalog = catalog;
		this.#packages = packages;
		this.#log = log;
		this.#functions = new DeployedFunctions(deployed, (self) => {
			const instanceCount = (id: number) => self.instanceCount(id);
			return new FunctionStatistics({ extras: catalog.extras, lines, log, instanceCount });
		});
		const invoker = new CatalogInvoker(catalog, this.#functions);
		const generation = () => this.#functions.generation;
		const apis = new TriggerApis({ catalog, sealer, invoker, region: REGION, generation, secure });
		this.router = new TriggerRouter(catalog, this.#functions, (trigger) => apis.of(trigger));
		crew?.serveCatalog(
			{ stateFolder, region, secure },
			new CatalogForWorkers({ catalog, functions: this.#functions, apis }),
		);
		const now = Date.now;
		this.#server = new ControlServer({
			context: { catalog, packages, sealer, invoker, lines, region: REGION, gatewayUrl, now },
			authenticator: new Authenticator({ users: catalog.users, sealer, open }),
			operations: ALL_OPERATIONS,
			refused: REFUSED_OPERATIONS,
			openApi: openApiDocument,
			spoolFolder: stateFolder,
			log,
			settled: crew === null ? null : () => crew.settled(),
		});
		this.#collection = setInterval(() => void this.#collect(), COLLECTION_MS);
		this.#collection.unref();
	}

	/** Resolves with the URL of the API. Rejects with ERR_LISTEN_FAILED. */
	async listen(): Promise<string> {
		this.#address = await this.#server.listen(this.#listen);
		const url = listenUrl(this.#address);
		this.#functions.start();
		void this.#collect();
		return url;
	}

	/** Where it listens; null before it does. */
	get address(): { readonly host: string; readonly port: number } | null {
		return this.#address;
	}

	/** Reserved instances that are not ready. */
	get lacking(): number {
		return this.#functions.lacking;
	}

	/** Takes no call until `takeBack`, and lets another server have the folder: requests are answered by what was read last. */
	lend(graceMs: number): Promise<void> {
		this.#lending = this.#server.close(graceMs).then(() => this.#catalog.unlock());
		return this.#lending;
	}

	/** Rejects with ERR_STATE_IN_USE, ERR_LISTEN_FAILED. */
	async takeBack(): Promise<void> {
		if (this.#lending === null || this.#address === null) return;
		// Whoever was to have it may be gone before it was free.
		await this.#lending;
		this.#catalog.lock();
		await this.#server.listen(this.#address);
		this.#lending = null;
	}

	/** The URLs have been told: what would have delayed that can be done now. */
	announced(): void {
		this.#functions.warm();
	}

	/** Takes no call from now on; those under way may finish within the grace. Twice is harmless. */
	drain(graceMs: number): Promise<void> {
		return this.#server.close(graceMs);
	}

	/** Ends all instances of deployed functions now. */
	endFunctions(graceMs: number): Promise<void> {
		return this.#functions.stop(graceMs);
	}

	/** Call it last. */
	close(): void {
		clearInterval(this.#collection);
		this.#functions.close();
		this.#catalog.close();
	}

	/** Removes packages that no version uses any more, nor did an hour ago: an instance may still be finishing on them. */
	async #collect(): Promise<void> {
		if (this.#lending !== null) return;
		try {
			const used = this.#catalog.revisions.digests();
			await this.#packages.collect(new Set([...used, ...this.#usedBefore]));
			this.#usedBefore = used;
		} catch (error) {
			const message = error instanceof Error ? error.message : String(error);
			this.#log.write('warn', 'packages that are not used could not be removed', { error: message });
		}
	}
}
