import process from 'node:process';
import { hostEnvironment } from '../config/host-environment.ts';
import { resolveOptions } from '../config/resolve-options.ts';
import { installedBundler } from '../edge/installed-bundler.ts';
import { startFunctionServer } from '../server/function-server.ts';
import { EmbeddedRuntime } from './embedded-runtime.ts';
import { EventLog } from './event-log.ts';
import { instanceEvents } from './instance-events.ts';
import { ListenerBook } from './listener-book.ts';
import { refuseEdge } from './refuse-edge.ts';
import type { Runtime } from './runtime.ts';
import type { RuntimeOptions } from './runtime-options.ts';

/**
 * Makes a runtime of the function in a folder. It listens nowhere; an instance is started by the first request, or at once with
 * `eager` or `reserved`.
 *
 * Rejects with an {@link HttpfnError}: ERR_CONFIG_INVALID, which names everything that is wrong with the options, ERR_BOOTSTRAP_* where
 * the folder is no function, ERR_EDGE_* where it is an edge function that can not be bundled or served, ERR_ISOLATION_UNAVAILABLE. Nothing is left then.
 */
export async function createRuntime(options: RuntimeOptions): Promise<Runtime> {
	const { on = {}, ...given } = options;
	const environment = hostEnvironment();
	const settings = resolveOptions({ options: given, workingFolder: process.cwd(), environment });
	await refuseEdge(settings.function.codeRoot);
	const book = new ListenerBook(on);
	const unbounded = {
		connectionsMax: Number.POSITIVE_INFINITY,
		connectionsPerAddressMax: Number.POSITIVE_INFINITY,
	};
	const server = await startFunctionServer({
		// Who listens is not this, and bounds what it accepts.
		settings: { ...settings, listen: [], limits: { ...settings.limits, ...unbounded } },
		log: new EventLog(book, settings.logLevel),
		hostEnvironment: environment,
		instances: instanceEvents(book),
		residence: 'embedded',
		openBundler: installedBundler,
	});
	server.announced();
	return new EmbeddedRuntime(server, book);
}
