/** Each instance in namespaces of its own: network, processes, mounts, IPC. Linux only. */
import { startMessage, suitsZygote } from '../contract/edge-start.ts';
import { cpuMillicores, type HostVariables } from '../contract/environment.ts';
import { RuntimeError } from '../contract/errors.ts';
import type { FunctionSettings } from '../contract/function-settings.ts';
import type { SandboxSettings } from '../contract/sandbox-settings.ts';
import { writtenProgram } from '../process/code-folder.ts';
import { edgeCommand } from '../process/launch-spec.ts';
import type { Isolation, Sandbox, StartRequest } from '../process/sandbox.ts';
import { type ShellStart, shellStart } from '../process/shell-start.ts';
import type { Capability } from './capability.ts';
import type { Cgroups, InstanceLimits } from './cgroup.ts';
import { judgeLimits } from './cgroup-judgement.ts';
import { CodeJudge } from './code-judge.ts';
import { DnsRelay } from './dns-relay.ts';
import { Egress, type EgressLink } from './egress.ts';
import { HostResolvers } from './host-resolvers.ts';
import { edgeScript, placeEnvironment } from './init-script.ts';
import { type InterpreterLink, interpreterLinks } from './interpreters.ts';
import { isEdge } from './is-edge.ts';
import { MemoryWatch } from './memory-watch.ts';
import { NamespaceSandbox } from './namespace-sandbox.ts';
import { type PlaceEdge, placeEdge, placeProgram } from './place-edge.ts';
import { type PlaceStock, REFILL_DELAY_MS, type StockedPlace } from './place-stock.ts';
import { PLACES } from './places.ts';
import { PROCESS_LIMITS } from './process-usage-limits.ts';
import { proxyOf } from './proxy-of.ts';
import { shareCgroups } from './shared-cgroups.ts';
import { Stocks } from './stocks.ts';
import { ThreadClient } from './thread-client.ts';
import type { PlaceTools } from './thread-protocol.ts';
import type { ZygoteStock } from './zygote-stock.ts';

export interface NamespaceOptions {
	readonly tools: PlaceTools;
	/** False: httpfn runs in a user namespace of its own. */
	readonly privileged: boolean;
	/** False: no engine is made ahead; left out: edge functions are started in some. */
	readonly zygotes?: boolean;
}

export type IsolationReport = (message: string, error: Error, level?: 'warn' | 'error') => void;

/** What a start puts into a place beside the code. */
interface StartFiles {
	readonly interpreters: readonly InterpreterLink[];
	/** Null for a function that bash starts. */
	readonly edge: PlaceEdge | null;
}

const MIB = 1024 * 1024;
/** Of a place that nothing is started in. */
const NO_LIMITS = { memoryBytes: 128 * MIB, tmpBytes: 0, cpuMillicores: 300, processesMax: 16 };

export class NamespaceIsolation implements Isolation {
	readonly kind = 'namespace';
	readonly instancesMax = Number.POSITIVE_INFINITY;
	readonly #options: NamespaceOptions;
	readonly #report: IsolationReport;
	#made: Stocks | null = null;
	readonly #code: CodeJudge;
	readonly #watch = new MemoryWatch();
	readonly #egress = new Egress(new DnsRelay({ resolvers: () => this.#resolvers.servers() }), (error) =>
		this.#report('the egress thread has ended: instances reach nothing until they are replaced', error),
	);
	readonly #resolvers = new HostResolvers();
	#thread: ThreadClient | null = null;
	#warming: NodeJS.Timeout | null = null;
	#cgroups: Cgroups | null | undefined;

	/** `report` is told of what ended that should not. */
	constructor(options: NamespaceOptions, report: IsolationReport = () => {}) {
		this.#report = report;
		this.#options = options;
		this.#code = new CodeJudge(options.privileged);
	}

	async start(request: StartRequest): Promise<Sandbox> {
		const { settings, sandbox, hostEnvironment } = request;
		const how = this.#startOf(settings, sandbox, hostEnvironment.PATH ?? '');
		const limits = limitsOf(settings, sandbox);
		// One that was deployed later was not expected.
		const stock = this.#expectingStock(settings, sandbox, hostEnvironment);
		const zygotes = how.edge === null ? null : this.#zygotesFor(settings, sandbox, hostEnvironment);
		const zygote = zygotes?.take(limits) ?? null;
		if (zygote !== null) {
			try {
				await stock.hold(zygote, limits);
				return await this.#startIn(zygote, request, how, limits, true);
			} catch {
				// It ended a moment ago, and knows of no function.
			}
		}
		try {
			// Not the stock of before: it ends with the thread, which a zygote may have shown to be gone.
			const place = await takeFrom(this.#stocks().places(sandbox, hostEnvironment), limits);
			return await this.#startIn(place, request, how, limits, false);
		} catch (cause) {
			if (cause instanceof RuntimeError) throw cause;
			throw new RuntimeError('ERR_SPAWN_FAILED', `Could not start the function in its namespace: ${cause}`, {
				cause,
			});
		}
	}

	async #startIn(
		place: StockedPlace,
		{ settings, sandbox, hostEnvironment, log }: StartRequest,
		{ interpreters, edge }: StartFiles,
		limits: InstanceLimits,
		isZygote: boolean,
	): Promise<Sandbox> {
		// Before the user's own variables, which may say otherwise.
		const environment = { ...proxyOf(place), ...placeEnvironment(settings, hostEnvironment) };
		const script = scriptFor(edge, isZygote, this.#options.tools.bash, { environment, born: place.born });
		const started = this.#client().call('start', {
			id: place.id,
			codeRoot: settings.codeRoot,
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
			throw cause;
		}
	}

	async close(): Promise<void> {
		this.#made?.close();
		const thread = this.#thread;
		this.#thread = null;
		await thread?.close();
		await this.#egress.close();
		await this.#cgroups?.close();
	}

	/** Makes places ahead, for functions such as this, and what serves them; a little later, when httpfn itself has started. */
	warm(settings: FunctionSettings, sandbox: SandboxSettings, host: HostVariables): void {
		this.#warming ??= setTimeout(() => this.#egress.warm(), REFILL_DELAY_MS).unref();
		this.#expectingStock(settings, sandbox, host).refill();
		if (isEdge(settings)) this.#zygotesFor(settings, sandbox, host)?.refill();
	}

	/** Makes one place, as an instance of this function will get it. Rejects with ERR_ISOLATION_UNAVAILABLE. */
	async prepare(settings: FunctionSettings, sandbox: SandboxSettings, host: HostVariables): Promise<void> {
		try {
			await this.#expectingStock(settings, sandbox, host).prepare();
		} catch (cause) {
			throw refusedPlace(cause);
		}
	}

	/** Makes a place as an instance would get it, ends it, and tells what it had. Rejects with ERR_ISOLATION_UNAVAILABLE. */
	async tryPlace(host: HostVariables): Promise<Pick<StockedPlace, 'egress'>> {
		const stock = this.#stocks().places({ expose: [], hide: [] }, host);
		const place = await takeFrom(stock, NO_LIMITS);
		await stock.end(place);
		return place;
	}

	/** What is enforced of an instance's limits, and by what. */
	judge(): Capability[] {
		return judgeLimits(this.#groups(), !this.#options.privileged);
	}

	/** What bash runs names interpreters; an edge function is run by httpfn itself. */
	#startOf(
		{ codeRoot, edge }: FunctionSettings,
		{ interpreters }: SandboxSettings,
		path: string,
	): StartFiles {
		const bootstrap = edge === undefined ? this.#code.bootstrap(codeRoot) : '';
		const program = edge ?? writtenProgram(codeRoot, bootstrap);
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

	#expectingStock(settings: FunctionSettings, sandbox: SandboxSettings, host: HostVariables): PlaceStock {
		const stock = this.#stocks().places(sandbox, host);
		stock.expect(nameOf(settings), limitsOf(settings, sandbox));
		return stock;
	}

	/** Null for a function that none can become. */
	#zygotesFor(
		settings: FunctionSettings,
		sandbox: SandboxSettings,
		host: HostVariables,
	): ZygoteStock<StockedPlace> | null {
		if (this.#options.zygotes === false || !suitsZygote(settings)) return null;
		const stock = this.#stocks().zygotes(sandbox, host);
		stock.expect(nameOf(settings), limitsOf(settings, sandbox));
		return stock;
	}

	#stocks(): Stocks {
		this.#made ??= new Stocks({
			...this.#options,
			thread: this.#client(),
			cgroups: this.#groups(),
			report: (message, error) => this.#report(message, error, 'warn'),
		});
		return this.#made;
	}

	/** Opened with the first place, for it writes. */
	#groups(): Cgroups | null {
		if (this.#cgroups === undefined) this.#cgroups = shareCgroups();
		return this.#cgroups;
	}

	/** Every instance ended with it; the next start begins with another. */
	#onThreadFailure(error: Error): void {
		this.#thread = null;
		this.#made?.close();
		this.#made = null;
		this.#report('the namespace thread has ended, and every instance with it', error);
	}

	#client(): ThreadClient {
		this.#thread ??= new ThreadClient((error) => this.#onThreadFailure(error));
		return this.#thread;
	}
}

/** Rejects with ERR_ISOLATION_UNAVAILABLE. */
async function takeFrom(stock: PlaceStock, limits: InstanceLimits): Promise<StockedPlace> {
	try {
		return await stock.take(limits);
	} catch (cause) {
		throw refusedPlace(cause);
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

function nameOf({ projectId, package: group, name, version }: FunctionSettings): string {
	return [projectId, group, name, version].join(':');
}

/** What the process that waits in a place is to read. */
function scriptFor(
	edge: PlaceEdge | null,
	isZygote: boolean,
	bash: string,
	{ environment, born }: Omit<ShellStart, 'cwd'>,
): string {
	if (edge === null) return shellStart(bash, { cwd: PLACES.code, environment, born });
	const { bundle } = edge;
	if (isZygote) return startMessage({ cwd: PLACES.code, bundle, environment });
	return edgeScript(edgeCommand(placeProgram(), bundle), environment, born);
}

function limitsOf({ memoryMb }: FunctionSettings, { tmpMb }: SandboxSettings): InstanceLimits {
	return {
		memoryBytes: memoryMb * MIB,
		tmpBytes: tmpMb * MIB,
		cpuMillicores: cpuMillicores(memoryMb),
		processesMax: PROCESS_LIMITS.processesMax,
	};
}
