/**
 * Has a function be started with a debugger's port open, whatever it is written in: by variables that Node.js, Bun and Python look at.
 * The first process of it that is one of these gets the port; processes that it starts find the port taken, and go on without.
 */
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import type { RunSettings } from '../config/run-settings.ts';
import { LIMITS } from '../contract/limits.ts';

/** Python runs it before anything else where it finds it; what debugpy starts must not run it again. */
const SITE = `import os
import sys

place = os.environ.pop("HTTPFN_INSPECT", None)
if place is not None:
    host, port = place.split(":")
    try:
        import debugpy
    except ImportError:
        sys.stderr.write("httpfn: a debugger for Python needs the package debugpy: python3 -m pip install debugpy\\n")
    else:
        debugpy.listen((host, int(port)))
`;

export class Inspection {
	readonly #place: string;
	readonly #folder: string;

	private constructor(place: string, folder: string) {
		this.#place = place;
		this.#folder = folder;
	}

	/** `port` is one of 127.0.0.1. Rejects with the system's error where no folder can be made. */
	static async open(port: number): Promise<Inspection> {
		const folder = await mkdtemp(path.join(os.tmpdir(), 'httpfn-inspect-'));
		await writeFile(path.join(folder, 'sitecustomize.py'), SITE);
		return new Inspection(`127.0.0.1:${port}`, folder);
	}

	/**
	 * The same function, to be debugged: on the host's own network, where a debugger reaches it, and with as much time for a start and for a request as
	 * there is, since a person looks at both.
	 */
	apply(settings: RunSettings): RunSettings {
		const { environment } = settings.function;
		const toolEnvironment = {
			NODE_OPTIONS: joined(' ', environment.NODE_OPTIONS, `--inspect=${this.#place}`),
			BUN_INSPECT: `ws://${this.#place}/`,
			PYTHONPATH: joined(path.delimiter, this.#folder, environment.PYTHONPATH),
			HTTPFN_INSPECT: this.#place,
		};
		return {
			...settings,
			isolation: 'direct',
			function: {
				...settings.function,
				timeoutSeconds: LIMITS.timeoutSecondsMax,
				initTimeoutSeconds: LIMITS.initTimeoutSecondsMax,
				toolEnvironment,
			},
		};
	}

	/** Call it when no instance is left. Twice is harmless. */
	async close(): Promise<void> {
		await rm(this.#folder, { recursive: true, force: true });
	}
}

function joined(sign: string, ...parts: readonly (string | undefined)[]): string {
	return parts.filter((part) => part !== undefined && part !== '').join(sign);
}
