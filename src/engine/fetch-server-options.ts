export interface FetchServerOptions {
	readonly host: string;
	readonly port: number;
	/** Never throws, never rejects. */
	fetch(request: Request): Response | Promise<Response>;
}

export interface FetchServer {
	readonly port: number;
	/** Takes no connection any more. Resolves when the requests that were there are answered. */
	stop(): Promise<void>;
}
