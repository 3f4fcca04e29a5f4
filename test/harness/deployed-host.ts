/** `httpfn serve` without a config file: a gateway and a control plane on free ports, and a state folder of its own. */
import { chmod, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type RunningFunction, startBinary } from './binary.ts';

export interface DeployedHostOptions {
	/** Of an earlier one; it is not removed then. */
	readonly stateFolder?: string;
	readonly argv?: readonly string[];
	/** HOST:PORT of the control plane. */
	readonly listenControl?: string;
	readonly environment?: Readonly<Record<string, string>>;
	/** Put before the path of the executable. */
	readonly prefix?: readonly string[];
}

export class DeployedHost implements AsyncDisposable {
	readonly running: RunningFunction;
	/** Of the gateway and of the control plane, without a slash at the end. */
	readonly url: string;
	readonly control: string;
	readonly stateFolder: string;
	readonly #remove: () => Promise<void>;

	private constructor(running: RunningFunction, stateFolder: string, remove: () => Promise<void>) {
		const said = JSON.parse(running.url) as { url: string; control: string };
		this.running = running;
		this.url = said.url;
		this.control = said.control;
		this.stateFolder = stateFolder;
		this.#remove = remove;
	}

	static async start(options: DeployedHostOptions = {}): Promise<DeployedHost> {
		const folder = await mkdtemp(join(tmpdir(), 'httpfn-host-'));
		await chmod(folder, 0o755);
		const stateFolder = options.stateFolder ?? join(folder, 'state');
		const remove = () => rm(folder, { recursive: true, force: true });
		const ports = [
			'--listen',
			'127.0.0.1:0',
			'--control',
			options.listenControl ?? '127.0.0.1:0',
			'--state',
			stateFolder,
		];
		const argv = ['serve', ...ports, '--json', '--log-format', 'json', ...(options.argv ?? [])];
		try {
			const { environment = {}, prefix = [] } = options;
			const running = await startBinary(argv, { cwd: folder, environment, prefix });
			return new DeployedHost(running, stateFolder, remove);
		} catch (error) {
			await remove();
			throw error;
		}
	}

	/** Where a trigger answers is `http://<group>.localhost:<port>/…`: as an origin that needs no name to be known, and a Host header. */
	trigger(invokeUrl: string): { readonly origin: string; readonly host: string; readonly path: string } {
		const { host, pathname } = new URL(invokeUrl);
		return { origin: this.url, host, path: pathname };
	}

	async [Symbol.asyncDispose](): Promise<void> {
		await this.running[Symbol.asyncDispose]();
		await this.#remove();
	}
}
