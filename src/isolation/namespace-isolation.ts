/** Each instance in namespaces of its own: network, processes, mounts, IPC. Linux only. */
import { isWrittenBootstrap } from '../contract/edge-program.ts';
import { cpuMillicores } from '../contract/environment.ts';
import { RuntimeError } from '../contract/errors.ts';
import type { FunctionSettings } from '../contract/function-settings.ts';
import type { SandboxSettings } from '../contract/sandbox-settings.ts';
import { writtenProgram } from '../process/code-folder.ts';
import { edgeCommand } from '../process/launch-spec.ts';
import type { Isolation, Sandbox, StartRequest } from '../process/sandbox.ts';
import type { Capability } from './capability.ts';
import type { Cgroups, InstanceLimits } from './cgroup.ts';
import { judgeLimits } from './cgroup-judgement.ts';
import { openCgroups } from './cgroups.ts';
import { CodeJudge } from './code-judge.ts';
import { DnsRelay } from './dns-relay.ts';
import { Egress, type EgressLink } from './egress.ts';
import { proxyEnvironment } from './egress-proxy.ts';
import { EGRESS_PORTS } from './egress-sockets.ts';
import { HostResolvers } from './host-resolvers.ts';
import { edgeScript, placeEnvironment, startScript } from './init-script.ts';
import { interpreterLinks } from './interpreters.ts';
import { MemoryWatch } from './memory-watch.ts';
import { NamespaceSandbox } from './namespace-sandbox.ts';
import { placeEdge, placeProgram } from './place-edge.ts';
import { PlaceStock, type StockedPlace } from './place-stock.ts';
import { PROCESS_LIMITS } from './process-usage-limits.ts';
import { planRoot } from './root-plan.ts';
import { ThreadClient } from './thread-client.ts';
import type { PlaceTools } from './thread-protocol.ts';

export interface NamespaceOptions {
	readonly tools: PlaceTools;
	/** False: httpfn runs in a user namespace of its own. */
	readonly privileged: boolean;
}

type VisibleFiles = Pick<SandboxSettings, 'expose' | 'hide'>;

const MIB = 1024 * 1024;
/** Of a place that nothing is started in. */
const NO_LIMITS = { memoryBytes: 128 * MIB, tmpBytes: 0, cpuMillicores: 300, processesMax: 16 };

export class NamespaceIsolation implements Isolation {
	readonly kind = 'namespace';
	readonly instancesMax = Number.POSITIVE_INFINITY;
	readonly #options: NamespaceOptions;
	readonly #report: (message: string, error: Error) => void;
	readonly #stocks = new Map<string, PlaceStock>();
	readonly #code: CodeJudge;
	readonly #watch = new MemoryWatch();
	readonly #egress = new Egress(new DnsRelay({ resolvers: () => this.#resolvers.servers() }), (error) =>
		this.#report('the egress thread has ended: instances reach nothing until they are replaced', error),
	);
	readonly #resolvers = new HostResolvers();
	#thread: ThreadClient | null = null;
	#cgroups: Cgroups | null | undefined;

	/** `report` is told of what ended that should not. */
	constructor(options: NamespaceOptions, report: (message: string, error: Error) => void = () => {}) {
		this.#report = report;
		this.#options = options;
		this.#code = new CodeJudge(options.privileged);
	}

	async start(request: StartRequest): Promise<Sandbox> {
		const { settings, sandbox, hostEnvironment, log } = request;
		const path = hostEnvironment.PATH ?? '';
		const { interpreters, edge } = await this.#startOf(settings, sandbox, path);
		const limits = limitsOf(settings, sandbox);
		// One that was deployed later was not expected.
		this.#expectingStock(settings, sandbox, path);
		const place = await this.#place(sandbox, path, limits);
		const { id } = place;
		// Before the user's own variables, which may say otherwise.
		const proxy = place.egress?.redirected === false ? proxyEnvironment(EGRESS_PORTS.tcp) : {};
		const environment = { ...proxy, ...placeEnvironment(settings, hostEnvironment) };
		const script =
			edge === null
				? startScript(this.#options.tools.bash, environment)
				: edgeScript(edgeCommand(placeProgram(), edge.bundle, true), environment);
		const { codeRoot } = settings;
		const started = this.#client().call('start', {
			id,
			codeRoot,
			tmpMb: sandbox.tmpMb,
			interpreters,
			edgeFolder: edge?.folder ?? null,
			script,
		});
		// Made while the thread is at work.
		const egress = place.egress === null ? null : this.#egress.open(place.egress, sandbox.egress, log);
		const running = this.#sandbox(place, limits, egress, edge !== null);
		try {
			await started;
			return running;
		} catch (cause) {
			await running.end(0);
			running.stdout.destroy();
			running.stderr.destroy();
			running.report?.destroy();
			throw new RuntimeError('ERR_SPAWN_FAILED', `Could not start the function in its namespace: ${cause}`, {
				cause,
			});
		}
	}

	async close(): Promise<void> {
		for (const stock of this.#stocks.values()) stock.close();
		const thread = this.#thread;
		this.#thread = null;
		await thread?.close();
		await this.#egress.close();
		await this.#cgroups?.close();
	}

	/** Makes places ahead, for functions such as this. */
	warm(settings: FunctionSettings, sandbox: SandboxSettings, path: string): void {
		this.#expectingStock(settings, sandbox, path).refill();
	}

	/** Makes one place, as an instance of this function will get it. Rejects with ERR_ISOLATION_UNAVAILABLE. */
	async prepare(settings: FunctionSettings, sandbox: SandboxSettings, path: string): Promise<void> {
		try {
			await this.#expectingStock(settings, sandbox, path).prepare();
		} catch (cause) {
			throw refusedPlace(cause);
		}
	}

	/** Makes a place as an instance would get it, ends it, and tells what it had. Rejects with ERR_ISOLATION_UNAVAILABLE. */
	async tryPlace(path: string): Promise<Pick<StockedPlace, 'egress'>> {
		const visible = { expose: [], hide: [] };
		const place = await this.#place(visible, path, NO_LIMITS);
		await this.#stock(visible, path).end(place);
		return place;
	}

	/** What is enforced of an instance's limits, and by what. */
	judge(): Capability[] {
		return judgeLimits(this.#groups(), !this.#options.privileged);
	}

	/** What bash runs names interpreters; an edge function is run by httpfn itself. */
	async #startOf({ codeRoot, edge }: FunctionSettings, { interpreters }: SandboxSettings, path: string) {
		const bootstrap = edge === undefined ? await this.#code.bootstrap(codeRoot) : '';
		const program = edge ?? (isWrittenBootstrap(bootstrap) ? await writtenProgram(codeRoot) : null);
		if (program === null)
			return { interpreters: interpreterLinks(bootstrap, interpreters, path), edge: null };
		this.#code.checkReadable(codeRoot, [program.bundle]);
		return { interpreters: [], edge: placeEdge(program, codeRoot) };
	}

	#sandbox(
		place: StockedPlace,
		limits: InstanceLimits,
		egress: EgressLink | null,
		tells: boolean,
	): NamespaceSandbox {
		const powers = this.#groups()?.powers ?? null;
		return new NamespaceSandbox({
			thread: this.#client(),
			place,
			watch: this.#watch,
			limits,
			powers,
			egress,
			tells,
		});
	}

	async #place(sandbox: VisibleFiles, path: string, limits: InstanceLimits): Promise<StockedPlace> {
		try {
			return await this.#stock(sandbox, path).take(limits);
		} catch (cause) {
			throw refusedPlace(cause);
		}
	}

	#expectingStock(settings: FunctionSettings, sandbox: SandboxSettings, path: string): PlaceStock {
		const stock = this.#stock(sandbox, path);
		const { projectId, package: group, name, version } = settings;
		stock.expect([projectId, group, name, version].join(':'), limitsOf(settings, sandbox));
		return stock;
	}

	#stock({ expose, hide }: VisibleFiles, path: string): PlaceStock {
		const key = JSON.stringify([expose, hide, path]);
		let stock = this.#stocks.get(key);
		if (stock === undefined) {
			const { tools, privileged } = this.#options;
			const { descriptorsMax, processesMax } = PROCESS_LIMITS;
			// As root all functions are one user, whose processes would be counted together.
			const limits = { descriptorsMax, processesMax: privileged ? null : processesMax };
			const root = planRoot({ expose, hide }, path);
			stock = new PlaceStock(this.#client(), { key, root, tools, limits, privileged }, this.#groups());
			this.#stocks.set(key, stock);
		}
		return stock;
	}

	/** Opened with the first place, for it writes. */
	#groups(): Cgroups | null {
		if (this.#cgroups === undefined) this.#cgroups = openCgroups();
		return this.#cgroups;
	}

	/** Every instance ended with it; the next start begins with another. */
	#onThreadFailure(error: Error): void {
		this.#thread = null;
		for (const stock of this.#stocks.values()) stock.close();
		this.#stocks.clear();
		this.#report('the namespace thread has ended, and every instance with it', error);
	}

	#client(): ThreadClient {
		this.#thread ??= new ThreadClient((error) => this.#onThreadFailure(error));
		return this.#thread;
	}
}

function refusedPlace(cause: unknown): RuntimeError {
	const said = cause instanceof Error ? cause.message.trim() : String(cause);
	return new RuntimeError(
		'ERR_ISOLATION_UNAVAILABLE',
		`Could not make the namespaces of an instance: ${said}; wanted a host that allows them`,
		{ cause },
	);
}

function limitsOf({ memoryMb }: FunctionSettings, { tmpMb }: SandboxSettings): InstanceLimits {
	return {
		memoryBytes: memoryMb * MIB,
		tmpBytes: tmpMb * MIB,
		cpuMillicores: cpuMillicores(memoryMb),
		processesMax: PROCESS_LIMITS.processesMax,
	};
}
