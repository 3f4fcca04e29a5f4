/**
 * The thread that joins the namespaces of instances: it makes places, puts a function's files into them, and opens
 * sockets inside them. The main thread never leaves the host's namespaces.
 *
 * Between two calls it stands in the namespace of its root, and in the network of whichever place it looked at last: nothing
 * here may touch the network or a file without entering first.
 */
import { closeSync, mkdirSync, openSync, symlinkSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { parentPort } from 'node:worker_threads';
import { openSocket, openSockets } from '../process/loopback-connect.ts';
import { type EgressSockets, RESOLV_CONF } from './egress-sockets.ts';
import type { InterpreterLink } from './interpreters.ts';
import { CLONE, type Kernel, MS, kernel as openKernel } from './kernel.ts';
import { type Listener, ListenWaits } from './listen-waits.ts';
import { Place } from './place.ts';
import { PLACES } from './places.ts';
import { prepareEgress } from './prepare-egress.ts';
import { makeRoot } from './root-files.ts';
import type {
	PlacePlan,
	PlaceStart,
	ReadyPlace,
	ThreadCalls,
	ThreadMessage,
	ThreadRequest,
} from './thread-protocol.ts';

/** The size of /tmp that a place is made with; a function that has another gets it on top. */
const USUAL_TMP_MB = 512;
/** What /dev/shm may hold: as much as a container gives by default. */
const SHARED_MEMORY_MB = 64;
/** Microseconds that calls wait at most for a try of one that is to listen. */
const WAIT_BLOCK_US = 500;

class PlaceThread {
	readonly #kernel: Kernel = openKernel();
	/** Shows the host's files. */
	readonly #hostMounts: number;
	readonly #roots = new Map<string, number>();
	readonly #places = new Map<number, Place>();
	readonly #waits = new ListenWaits(this.#kernel.libc, WAIT_BLOCK_US);
	#placesMade = 0;

	constructor() {
		this.#kernel.unshare(CLONE.newNamespace);
		// What the host mounts later is seen here too; what is mounted here is not seen there.
		this.#kernel.propagation(MS.slave);
		// This thread's own: in a root that it makes, functions are another user.
		this.#kernel.libc.umask(0o022);
		this.#hostMounts = openSync('/proc/thread-self/ns/mnt', 'r');
	}

	handle(request: ThreadRequest): unknown {
		switch (request.call) {
			case 'make':
				return this.#make(request.given);
			case 'load':
				return this.#load(request.given);
			case 'start':
				return this.#start(request.given);
			case 'awaitListening': {
				const { id, timeoutMs } = request.given;
				const place = this.#place(id);
				return this.#waits.wait(id, this.#listener(place), timeoutMs);
			}
			case 'stopWaiting':
				this.#waits.stop(request.given.id);
				return null;
			case 'openSockets': {
				const { id, count } = request.given;
				this.#place(id).enter(this.#kernel, 'network');
				return openSockets(this.#kernel.libc, count);
			}
			case 'kill':
				this.#places.get(request.given.id)?.kill();
				return null;
			case 'close':
				return this.#close();
			default:
				return request satisfies never;
		}
	}

	#listener(place: Place): Listener {
		const kernel = this.#kernel;
		return {
			isGone: () => place.gone,
			open: () => {
				place.enter(kernel, 'network');
				return openSocket(kernel.libc);
			},
		};
	}

	async #make(plan: PlacePlan): Promise<ReadyPlace> {
		const place = await Place.make(this.#kernel, plan, () => this.#enterRoot(plan));
		let egress: EgressSockets | null;
		try {
			egress = this.#furnish(place);
		} catch (error) {
			await place.undo();
			throw error;
		}
		this.#placesMade += 1;
		const id = this.#placesMade;
		this.#places.set(id, place);
		place.exited.then((exit) => {
			this.#places.delete(id);
			this.#waits.stop(id);
			place.close();
			post({ kind: 'gone', id, ...exit });
		});
		const { initPid, bootstrapPid, stdoutFd, stderrFd, toldFd } = place;
		return { id, initPid, bootstrapPid, stdoutFd, stderrFd, toldFd, egress };
	}

	/** Its own files and its network. */
	#furnish(place: Place): EgressSockets | null {
		place.enter(this.#kernel, 'mounts');
		this.#kernel.tmpfs('/tmp', ownFiles(USUAL_TMP_MB));
		this.#kernel.tmpfs('/dev/shm', ownFiles(SHARED_MEMORY_MB));
		place.enter(this.#kernel, 'network');
		this.#kernel.loopbackUp();
		return this.#prepareEgress();
	}

	/** An instance that nothing can leave is better than none. */
	#prepareEgress(): EgressSockets | null {
		try {
			return prepareEgress(this.#kernel);
		} catch {
			return null;
		}
	}

	#enterRoot(plan: PlacePlan): void {
		const known = this.#roots.get(plan.key);
		if (known === undefined) {
			this.#roots.set(plan.key, makeRoot(this.#kernel, this.#hostMounts, plan.root, RESOLV_CONF));
		} else {
			this.#kernel.enter(known, CLONE.newNamespace);
		}
	}

	async #load({ id, script }: ThreadCalls['load']['given']): Promise<null> {
		await this.#place(id).load(this.#kernel, script);
		return null;
	}

	#start(start: PlaceStart): null {
		const kernel = this.#kernel;
		const place = this.#place(start.id);
		kernel.enter(this.#hostMounts, CLONE.newNamespace);
		const shown: (readonly [folder: string, place: string])[] = [[start.codeRoot, PLACES.code]];
		if (start.edgeFolder !== null) shown.push([start.edgeFolder, PLACES.edge]);
		const trees: number[] = [];
		try {
			for (const [folder] of shown) {
				const tree = kernel.openTree(folder);
				trees.push(tree);
				kernel.makeReadOnly(tree);
			}
			place.enter(kernel, 'mounts');
			for (const [index, tree] of trees.entries()) kernel.attach(tree, shown[index]?.[1] ?? '');
		} finally {
			for (const tree of trees) closeSync(tree);
		}
		if (start.tmpMb !== USUAL_TMP_MB) kernel.tmpfs('/tmp', ownFiles(start.tmpMb));
		if (start.interpreters.length > 0) linkInterpreters(kernel, start.interpreters);
		place.run(start.script);
		return null;
	}

	async #close(): Promise<null> {
		const places = [...this.#places.values()];
		for (const place of places) place.kill();
		await Promise.all(places.map(({ exited }) => exited));
		for (const root of this.#roots.values()) closeSync(root);
		this.#roots.clear();
		closeSync(this.#hostMounts);
		return null;
	}

	#place(id: number): Place {
		const place = this.#places.get(id);
		if (place === undefined) throw Object.assign(new Error('the instance has ended'), { code: 'ENOENT' });
		return place;
	}
}

/** Options of a tmpfs that everybody may write to. */
function ownFiles(megabytes: number): string {
	return `size=${megabytes}m,mode=1777`;
}

function linkInterpreters(kernel: Kernel, links: readonly InterpreterLink[]): void {
	kernel.tmpfs(PLACES.runtime, 'size=1m,mode=755');
	for (const { name, target } of links) {
		const path = join(PLACES.runtime, name);
		mkdirSync(dirname(path), { recursive: true });
		symlinkSync(target, path);
	}
	kernel.makeMountReadOnly(PLACES.runtime);
}

function post(message: ThreadMessage): void {
	parentPort?.postMessage(message);
}

function failure(number: number, error: unknown): ThreadMessage {
	const { message = String(error), code = '' } = error as { message?: string; code?: string };
	return { kind: 'failure', number, message, code };
}

function serve(): void {
	let thread: PlaceThread | null = null;
	parentPort?.on('message', async (request: ThreadRequest) => {
		const { number } = request;
		try {
			thread ??= new PlaceThread();
			post({ kind: 'answer', number, value: await thread.handle(request) });
		} catch (error) {
			post(failure(number, error));
		}
	});
}

serve();
