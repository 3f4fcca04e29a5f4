import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import type { App, AppDirectory } from '../../../src/gateway/auth/app-directory.ts';
import { KnownApps } from '../../../src/gateway/auth/known-apps.ts';
import { KEY } from '../../contract/sdk-request.ts';
import { API_ID, CODE, FakeApps } from './guard-bed.ts';

const test = suite('KnownApps');

/** What was asked of the apps behind it. */
class Bed implements AppDirectory {
	readonly asked: string[] = [];
	generation = 0;
	readonly #apps = new FakeApps();
	readonly known = new KnownApps(this, () => this.generation);

	byKey(key: string): App | null {
		this.asked.push('key');
		return this.#counted(this.#apps.byKey(key));
	}

	byCode(code: string): App | null {
		this.asked.push('code');
		return this.#counted(this.#apps.byCode(code));
	}

	mayCall(appId: string, apiId: string): boolean {
		this.asked.push('may');
		return this.#apps.mayCall(appId, apiId);
	}

	/** One call of each kind. */
	call(): readonly unknown[] {
		const byKey = this.known.byKey(KEY.accessKey);
		const byCode = this.known.byCode(CODE);
		return [
			byKey?.id,
			byKey?.secret(),
			byCode?.id,
			this.known.mayCall('app-1', API_ID),
			this.known.mayCall('app-3', API_ID),
		];
	}

	#counted(app: App | null): App | null {
		if (app === null) return null;
		const secret = (): string => {
			this.asked.push('secret');
			return app.secret();
		};
		return { ...app, secret };
	}
}

test('G-23: an app that called before is not looked up again, until anything changed', () => {
	const bed = new Bed();
	const first = bed.call();
	assert.equal(first, ['app-1', KEY.secretKey, 'app-1', true, false]);
	const lookUps = ['key', 'code', 'secret', 'may', 'may'];
	assert.equal(bed.asked, lookUps);
	assert.equal([bed.call(), bed.call()], [first, first]);
	assert.equal(bed.asked, lookUps);
	bed.generation++;
	assert.equal(bed.call(), first);
	assert.equal(bed.asked, [...lookUps, ...lookUps]);
});

test('G-23: keys and codes that nobody has are looked up every time, and push out nobody', () => {
	const bed = new Bed();
	bed.call();
	bed.asked.length = 0;
	for (let i = 0; i < 5000; i++) {
		assert.is(bed.known.byKey(`K${i}`), null);
		assert.is(bed.known.byCode(`C${i}`), null);
	}
	assert.is(bed.asked.length, 10_000);
	bed.call();
	assert.is(bed.asked.length, 10_000);
});

test('G-23: of more than 4,096 answers the oldest are forgotten', () => {
	const bed = new Bed();
	for (let i = 0; i < 4097; i++) bed.known.mayCall('app-1', `${i}`);
	bed.known.mayCall('app-1', '4096');
	assert.is(bed.asked.length, 4097);
	bed.known.mayCall('app-1', '0');
	assert.is(bed.asked.length, 4098);
});

test.run();
