/** `kill -9` of the server while clients change what is deployed: what was answered is there, and the rest not by halves. */
import { createHash } from 'node:crypto';
import { mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { ControlClient, codeOf } from '../harness/control-client.ts';
import { DeployedHost } from '../harness/deployed-host.ts';
import { exchange } from '../harness/exchange.ts';

const test = suite('kill -9 of the server');

const ROUNDS = 18;
const WRITERS = 2;
const CALLS_MAX = 18;
const KILL_MS_MAX = 12;

/** The changes that every function goes through, in this order; `removed` only every third. */
const STEPS = ['created', 'triggered', 'configured', 'recoded', 'published', 'aliased', 'removed'] as const;
type Step = (typeof STEPS)[number];

/** How far one function is: `acknowledged` steps were answered, and one more was perhaps asked for. */
interface Course {
	readonly name: string;
	acknowledged: number;
	asked: number;
}

/** What two writers ask of one server, until that is killed. */
class Calls {
	acknowledged = 0;
	readonly #killAt = Math.floor(Math.random() * CALLS_MAX);
	readonly #host: DeployedHost;
	#asked = 0;

	constructor(host: DeployedHost) {
		this.#host = host;
	}

	/** Counts one more; at one of them the server is killed, a moment later. */
	asking(): void {
		if (this.#asked++ !== this.#killAt) return;
		setTimeout(() => this.#host.running.signal('SIGKILL'), Math.random() * KILL_MS_MAX);
	}
}

function change(client: ControlClient, name: string, step: Step): Promise<{ readonly status: number }> {
	const path = `fgs/functions/${client.urn(name)}`;
	switch (step) {
		case 'created':
			return client.create(name, `${name} first`);
		case 'triggered':
			return client.trigger(name, `/${name}`).then((url) => ({ status: url === '' ? 500 : 201 }));
		case 'configured':
			return configure(client, name);
		case 'recoded':
			return codeOf(`${name} second`).then((code) => client.call('PUT', `${path}/code`, code));
		case 'published':
			return client.call('POST', `${path}/versions`, { version: 'v1', description: name });
		case 'aliased':
			return client.call('POST', `${path}/aliases`, { name: 'live', version: 'v1' });
		case 'removed':
			return client.call('DELETE', path);
		default:
			return step satisfies never;
	}
}

function configure(client: ControlClient, name: string): Promise<{ readonly status: number }> {
	const body = { func_name: name, runtime: 'http', timeout: 20, handler: 'bootstrap', memory_size: 256 };
	return client.call('PUT', `fgs/functions/${client.urn(name)}/config`, { ...body, description: name });
}

/** Changes one function after the other until the server is gone. */
async function write(client: ControlClient, prefix: string, calls: Calls): Promise<Course[]> {
	const courses: Course[] = [];
	for (let made = 0; ; made += 1) {
		const course: Course = { name: `${prefix}-${made}`, acknowledged: 0, asked: 0 };
		courses.push(course);
		const steps = made % 3 === 2 ? STEPS : STEPS.slice(0, -1);
		for (const step of steps) {
			calls.asking();
			course.asked += 1;
			let status: number;
			try {
				({ status } = await change(client, course.name, step));
			} catch {
				return courses;
			}
			assert.ok(status < 300, `${course.name} ${step}: ${status}`);
			course.acknowledged += 1;
			calls.acknowledged += 1;
		}
	}
}

/** Which steps of a function can be seen; throws where one of them is there by halves. */
async function seen(host: DeployedHost, client: ControlClient, name: string): Promise<Step[]> {
	const path = `fgs/functions/${client.urn(name)}`;
	const { status, body: config } = await client.call('GET', `${path}/config`);
	if (status === 404) return [];
	const { body: code } = await client.call('GET', `${path}/code`);
	const bytes = Buffer.from(code.func_code.file, 'base64');
	assert.is(createHash('sha512').update(bytes).digest('hex'), code.digest, `${name}: the package is whole`);
	const steps: Step[] = ['created'];
	const { body: triggers } = await client.call('GET', `fgs/triggers/${client.urn(name)}`);
	let text = '';
	for (const { event_data: data } of triggers) {
		steps.push('triggered');
		text = await ask(host, data.invoke_url);
	}
	if (config.memory_size === 256) steps.push('configured');
	assert.equal([config.timeout, config.description], config.memory_size === 256 ? [20, name] : [10, '']);
	if (text === `${name} second`) steps.push('recoded');
	else assert.is(text, triggers.length > 0 ? `${name} first` : '');
	const { body: versions } = await client.call('GET', `${path}/versions`);
	for (const { version, version_description: described, digest } of versions.versions) {
		if (version !== 'v1') continue;
		assert.equal([described, digest], [name, code.digest]);
		steps.push('published');
	}
	const { body: aliases } = await client.call('GET', `${path}/aliases`);
	for (const { name: alias, version } of aliases) {
		assert.equal([alias, version], ['live', 'v1']);
		steps.push('aliased');
	}
	return steps;
}

async function ask(host: DeployedHost, invokeUrl: string): Promise<string> {
	const { origin, host: name, path } = host.trigger(invokeUrl);
	return (await exchange(origin, { target: path, headers: { host: name } })).text;
}

/** What was answered and perhaps the one change that was not, and nothing else. */
function judge({ name, acknowledged, asked }: Course, found: readonly Step[]): void {
	const possible = [acknowledged, asked].map((count) =>
		count === STEPS.length ? [] : STEPS.slice(0, count),
	);
	const told = `${name}: ${acknowledged} acknowledged of ${asked} asked, found ${found.join()}`;
	assert.ok(
		possible.some((steps) => steps.join() === found.join()),
		told,
	);
}

test('E-134: after kill -9 at any moment of changing, everything acknowledged is there, nothing is half made, and functions answer', async () => {
	const folder = await mkdtemp(join(tmpdir(), 'httpfn-kill-'));
	const stateFolder = join(folder, 'state');
	try {
		const all: Course[] = [];
		let recent: Course[] = [];
		let acknowledged = 0;
		for (let round = 0; round <= ROUNDS; round += 1) {
			await using host = await DeployedHost.start({ stateFolder });
			const client = new ControlClient(host.control);
			for (const course of recent) judge(course, await seen(host, client, course.name));
			const left = [...(await readdir(join(stateFolder, 'packages'))), ...(await readdir(stateFolder))];
			assert.equal(
				left.filter((name) => /part|^\.body/.test(name)),
				[],
			);
			if (round === ROUNDS) {
				const sample = all.filter((_, index) => index % 8 === 0);
				for (const course of sample) judge(course, await seen(host, client, course.name));
				break;
			}
			const calls = new Calls(host);
			const writers = Array.from({ length: WRITERS }, (_, index) => `round${round}-${index}`);
			recent = (await Promise.all(writers.map((prefix) => write(client, prefix, calls)))).flat();
			assert.is((await host.running.exited).signal, 'SIGKILL', host.running.logText);
			all.push(...recent);
			acknowledged += calls.acknowledged;
		}
		assert.ok(acknowledged > ROUNDS, `${acknowledged} changes were acknowledged`);
	} finally {
		await rm(folder, { recursive: true, force: true });
	}
});

test.run();
