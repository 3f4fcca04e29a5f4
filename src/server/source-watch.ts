/** Tells when files of a folder change, once for all that change together. */
import { fstatSync, type Stats } from 'node:fs';
import path from 'node:path';
import { type FSWatcher, watch } from 'chokidar';

/** What tools write while a function runs, or what is too large to look at: packages, caches, version control. */
const IGNORED = new Set(['node_modules', '.git', '__pycache__', '.venv', '.cache']);
const OUTPUTS = [1, 2];
/** An editor saves, a compiler writes, a checkout changes many files: what comes within this belongs together. */
const QUIET_MS = 50;

export class SourceWatch {
	readonly #folder: string;
	readonly #watcher: FSWatcher;
	readonly #changed = new Set<string>();
	#timer: NodeJS.Timeout | undefined;

	private constructor(folder: string, changed: (names: readonly string[]) => void) {
		this.#folder = folder;
		const ignored = (file: string, stats?: Stats): boolean =>
			file !== folder && (IGNORED.has(path.basename(file)) || file.endsWith('.log') || isOwnOutput(stats));
		this.#watcher = watch(folder, { ignoreInitial: true, ignored });
		this.#watcher.on('all', (_event, file) => {
			this.#changed.add(path.relative(this.#folder, file));
			clearTimeout(this.#timer);
			this.#timer = setTimeout(() => {
				const names = [...this.#changed].sort();
				this.#changed.clear();
				changed(names);
			}, QUIET_MS);
		});
		// What can not be watched is no reason to end: what can be is.
		this.#watcher.on('error', () => {});
	}

	/** Resolves when every change from now on is told, by names relative to the folder. */
	static async open(folder: string, changed: (names: readonly string[]) => void): Promise<SourceWatch> {
		const opened = new SourceWatch(folder, changed);
		await new Promise<void>((resolve) => opened.#watcher.once('ready', resolve));
		return opened;
	}

	/** Nothing is told any more. Twice is harmless. */
	async close(): Promise<void> {
		clearTimeout(this.#timer);
		await this.#watcher.close();
	}
}

/** What this process is told to write to would be changed by the news of its change. */
function isOwnOutput(stats: Stats | undefined): boolean {
	if (stats?.isFile() !== true) return false;
	return OUTPUTS.some((descriptor) => {
		try {
			const { dev, ino } = fstatSync(descriptor);
			return dev === stats.dev && ino === stats.ino;
		} catch {
			return false;
		}
	});
}
