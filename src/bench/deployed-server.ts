/** `httpfn serve` with functions that are deployed to it over the platform's API. */
import { mkdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { deployedBootstrap } from './bench-folder.ts';
import type { BenchSite } from './bench-site.ts';
import type { Program } from './program.ts';
import type { RunningProgram } from './running-program.ts';

const PROJECT = 'bench';

export class DeployedServer implements AsyncDisposable {
	readonly running: RunningProgram;
	/** Of the platform's API. */
	readonly control: URL;
	readonly #site: BenchSite;

	private constructor(running: RunningProgram, control: URL, site: BenchSite) {
		this.running = running;
		this.control = control;
		this.#site = site;
	}

	/** Serves what is in a state folder, which need not be there; in direct isolation, where functions find the executable. */
	static async start(site: BenchSite, program: Program, state: string): Promise<DeployedServer> {
		const running = await site.serveState(program, state, ['--isolation', 'direct']);
		const control = running.urls[1];
		if (control === undefined) throw new Error('httpfn serve --control said no URL of its control plane');
		return new DeployedServer(running, control, site);
	}

	/** The function of the benchmark, by this name: one instance that takes every request. */
	async deploy(name: string): Promise<void> {
		await this.#call('functions', {
			...{ func_name: name, package: 'default', runtime: 'http', handler: 'bootstrap' },
			...{ timeout: 60, initializer_timeout: 60, memory_size: 1024 },
			...{ code_type: 'zip', code_filename: 'code.zip' },
			func_code: { file: await this.#site.once('package', () => packageText(this.#site)) },
			strategy_config: { concurrency: 1, concurrent_num: 1000 },
		});
	}

	/** A trigger of its newest version that answers `path` and what is below it. Resolves with the host name that it answers to. */
	async trigger(name: string, path: string): Promise<string> {
		const event_data = {
			...{ name: 'api', path, match_mode: 'SWA', req_method: 'ANY', protocol: 'HTTP', auth: 'NONE' },
			...{ env_name: 'RELEASE', func_info: { timeout: 5000 } },
		};
		const body = { trigger_type_code: 'APIG', trigger_status: 'ACTIVE', event_data };
		const made = await this.#call(`triggers/${urn(name)}`, body);
		return new URL((made as { event_data: { invoke_url: string } }).event_data.invoke_url).hostname;
	}

	/** Of the control plane, to call a function with an event. */
	invokePath(name: string): string {
		return `/v2/${PROJECT}/fgs/functions/${urn(name)}/invocations`;
	}

	async [Symbol.asyncDispose](): Promise<void> {
		await this.running.stop();
	}

	/** Resolves with the answer. Rejects with an Error where it is refused. */
	async #call(below: string, body: object): Promise<unknown> {
		const answer = await fetch(new URL(`/v2/${PROJECT}/fgs/${below}`, this.control), {
			method: 'POST',
			headers: { 'Content-Type': 'application/json', 'X-Auth-Token': 'any' },
			body: JSON.stringify(body),
		});
		const text = await answer.text();
		if (!answer.ok) throw new Error(`POST ${below} was answered ${answer.status}: ${text}`);
		return JSON.parse(text);
	}
}

function urn(name: string): string {
	return `urn:fss:cn:${PROJECT}:function:default:${name}`;
}

/** Base64. */
async function packageText(site: BenchSite): Promise<string> {
	// Loaded when it is used: it brings the zip code with it.
	const { zipFolder } = await import('../catalog/zip-folder.ts');
	const folder = site.path('code');
	mkdirSync(folder);
	writeFileSync(path.join(folder, 'bootstrap'), deployedBootstrap(site.server));
	return (await zipFolder(folder)).toString('base64');
}
