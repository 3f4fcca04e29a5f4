/** A gateway in this process between raw clients and a scripted function. */
import type { FunctionSettings } from '../../src/contract/function-settings.ts';
import type { BoundPlace, ListenPlace } from '../../src/engine/listener.ts';
import { FunctionTarget } from '../../src/gateway/function-target.ts';
import { Gateway } from '../../src/gateway/gateway.ts';
import type { GatewayLimits, GatewayOptions } from '../../src/gateway/gateway-context.ts';
import { SETTINGS } from '../contract/settings-fixture.ts';
import { FakeFunction, type FunctionPeer } from './fake-function.ts';
import { RawClient } from './raw-client.ts';
import { RecordingLog } from './recording-log.ts';
import { StubSource } from './stub-source.ts';

export interface BedOptions extends Partial<FunctionSettings> {
	readonly limits?: Partial<GatewayLimits>;
	/** Where the gateway looks for the function; the scripted one unless told otherwise. */
	readonly upstreamPort?: number;
	readonly accessLog?: GatewayOptions['accessLog'];
	readonly trustedProxies?: GatewayOptions['trustedProxies'];
	readonly proxyProtocol?: GatewayOptions['proxyProtocol'];
	readonly tls?: GatewayOptions['tls'];
	/** Address the gateway listens on. */
	readonly host?: string;
}

export class GatewayBed implements AsyncDisposable {
	readonly gateway: Gateway;
	readonly function: FakeFunction;
	readonly target: FunctionTarget;
	readonly source: StubSource;
	readonly log = new RecordingLog();
	port = 0;
	/** For a drain that has nobody left to tell. */
	readonly giveUp = async (): Promise<void> => {};
	readonly #clients: RawClient[] = [];

	constructor(fakeFunction: FakeFunction, options: BedOptions) {
		const { limits, upstreamPort, host: _host, accessLog = null, trustedProxies = [], ...rest } = options;
		const { proxyProtocol = [], tls = null, ...settings } = rest;
		this.function = fakeFunction;
		this.source = new StubSource(upstreamPort ?? fakeFunction.port);
		this.target = new FunctionTarget({
			settings: { ...SETTINGS, ...settings },
			source: this.source,
			log: this.log,
		});
		this.gateway = new Gateway({
			router: this.target,
			log: this.log,
			limits: limits ?? {},
			accessLog,
			trustedProxies,
			proxyProtocol,
			tls,
		});
	}

	static async start(options: BedOptions = {}): Promise<GatewayBed> {
		const bed = new GatewayBed(await FakeFunction.listen(), options);
		await bed.listen({ kind: 'tcp', host: options.host ?? '127.0.0.1', port: 0 });
		return bed;
	}

	/** Listens at one more place; `port` is the last's. */
	async listen(at: ListenPlace, secure = false): Promise<BoundPlace> {
		const bound = await this.gateway.listen({ at, secure });
		if (bound.at.kind === 'tcp') this.port = bound.at.port;
		return bound.at;
	}

	async client(): Promise<RawClient> {
		const client = await RawClient.connect(this.port);
		this.#clients.push(client);
		return client;
	}

	/** A client and the function's end of its first request. */
	async asked(requestLine = 'GET / HTTP/1.1', ...lines: string[]): Promise<Asked> {
		const client = await this.client();
		client.ask(requestLine, ...lines);
		const peer = await this.function.peer();
		return { client, peer };
	}

	async [Symbol.asyncDispose](): Promise<void> {
		for (const client of this.#clients) await client[Symbol.asyncDispose]();
		await this.gateway.drain(0, this.giveUp);
		this.source.instance.end();
		await this.function[Symbol.asyncDispose]();
	}
}

export interface Asked {
	readonly client: RawClient;
	readonly peer: FunctionPeer;
}
