interface Env {
	readonly GREETING?: string;
	readonly RUNTIME_FUNC_NAME?: string;
}

interface Context {
	waitUntil(promise: Promise<unknown>): void;
}

export default {
	async fetch(request: Request, env: Env, ctx: Context): Promise<Response> {
		const { pathname, search } = new URL(request.url);
		const requestId = request.headers.get('x-cff-request-id');
		// Done after the answer, and waited for.
		ctx.waitUntil(note(`${requestId}: ${request.method} ${pathname}`));
		if (request.method === 'POST') {
			return new Response(request.body, {
				headers: { 'Content-Type': request.headers.get('Content-Type') ?? 'application/octet-stream' },
			});
		}
		return Response.json({
			message: `${env.GREETING ?? 'Hello'} from ${env.RUNTIME_FUNC_NAME}`,
			method: request.method,
			target: pathname + search,
			headers: Object.fromEntries([...request.headers].filter(([name]) => name.startsWith('x-'))),
		});
	},
};

async function note(line: string): Promise<void> {
	console.log(line);
}
