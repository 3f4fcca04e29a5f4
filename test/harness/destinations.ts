/** Servers on addresses that stand for the world, all inside the network namespace of the test. */
import { spawnSync } from 'node:child_process';
import { readlinkSync } from 'node:fs';
import { createServer, type Server } from 'node:net';

/** A private address, two public ones (RFC 5737 keeps them for documents), and that of a cloud's metadata. */
export const ADDRESSES = {
	private: '10.77.0.1',
	public: '203.0.113.1',
	publicSource: '203.0.113.9',
	metadata: '169.254.169.254',
} as const;

/** Every network has one; a device that only pretends would have to be in the kernel. */
const DEVICE = 'lo';

/** Gives the addresses to the network of this test. Throws where it has none of its own. */
export function addDestinations(): void {
	if (readlinkSync('/proc/self/ns/net') === networkOfInit()) {
		throw new Error('the test needs a network of its own, found that of the host; wanted: npm test');
	}
	for (const address of Object.values(ADDRESSES)) ip('address', 'add', `${address}/24`, 'dev', DEVICE);
}

/** Tells everyone who connects which address they come from, on a line. */
export class Destination implements AsyncDisposable {
	readonly #server: Server;
	/** Addresses of those who connected. */
	readonly callers: string[] = [];

	private constructor(server: Server) {
		this.#server = server;
		server.on('connection', (socket) => {
			this.callers.push(socket.remoteAddress ?? '');
			socket.on('error', () => {});
			socket.end(`${socket.remoteAddress}\n`);
		});
	}

	static open(address: string, port: number): Promise<Destination> {
		return new Promise((resolve, reject) => {
			const server = createServer();
			const destination = new Destination(server);
			server.once('error', reject);
			server.listen(port, address, () => resolve(destination));
		});
	}

	async [Symbol.asyncDispose](): Promise<void> {
		await new Promise((resolve) => this.#server.close(resolve));
	}
}

/** Not known to everyone: then it is not this process's own either. */
function networkOfInit(): string | null {
	try {
		return readlinkSync('/proc/1/ns/net');
	} catch {
		return null;
	}
}

function ip(...args: readonly string[]): void {
	const done = spawnSync('ip', args, { encoding: 'utf8' });
	if (done.status !== 0)
		throw new Error(`ip ${args.join(' ')} failed: ${done.error?.message ?? done.stderr}`);
}
