import { LoadConnection } from './load-connection.ts';
import { faultOf, type LoadRequest, targetOf } from './load-request.ts';
import { NotServed } from './not-served.ts';

/** Connections that are being opened at once: more would not fit the queue of a listener. */
const AT_ONCE = 128;
/** What a server answers that has no room for another connection. */
const OVERLOADED = 503;

/** Connections on each of which one request was answered, and which are idle since. Rejects with a NotServed where one is refused. */
export async function openIdle(url: URL, request: LoadRequest, count: number): Promise<LoadConnection[]> {
	const target = targetOf(url);
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
			const refused = !answer.ok || answer.status === OVERLOADED;
			if (fault === null) resolve();
			else reject(new (refused ? NotServed : Error)(`an idle connection: ${fault}`));
		});
	});
}
