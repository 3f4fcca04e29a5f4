import { LoadConnection } from './load-connection.ts';
import { faultOf, type LoadRequest } from './load-request.ts';

/** Connections that are being opened at once: more would not fit the queue of a listener. */
const AT_ONCE = 128;

/** Connections on each of which one request was answered, and which are idle since. Rejects with an Error where one is refused. */
export async function openIdle(url: URL, request: LoadRequest, count: number): Promise<LoadConnection[]> {
	const target = { host: url.hostname, port: Number(url.port) };
	const open: LoadConnection[] = [];
	while (open.length < count) {
		const some = Array.from(
			{ length: Math.min(AT_ONCE, count - open.length) },
			() => new LoadConnection(target),
		);
		await Promise.all(some.map((connection) => answered(connection, request)));
		open.push(...some);
	}
	return open;
}

function answered(connection: LoadConnection, request: LoadRequest): Promise<void> {
	return new Promise((resolve, reject) => {
		connection.ask(request.bytes, (answer) => {
			const fault = faultOf(answer, request);
			if (fault === null) resolve();
			else reject(new Error(`an idle connection: ${fault}`));
		});
	});
}
