/** One more function behind the gateway of a test, with a log of its own. */
import type { FunctionSettings } from '../../src/contract/function-settings.ts';
import { FunctionTarget } from '../../src/gateway/function-target.ts';
import { SETTINGS } from '../contract/settings-fixture.ts';
import { FakeFunction } from './fake-function.ts';
import { RecordingLog } from './recording-log.ts';
import { StubSource } from './stub-source.ts';

export class StubTarget implements AsyncDisposable {
	readonly function: FakeFunction;
	readonly source: StubSource;
	readonly log = new RecordingLog();
	readonly target: FunctionTarget;

	constructor(fakeFunction: FakeFunction, settings: Partial<FunctionSettings>) {
		this.function = fakeFunction;
		this.source = new StubSource(fakeFunction.port);
		this.target = new FunctionTarget({
			settings: { ...SETTINGS, ...settings },
			source: this.source,
			log: this.log,
		});
	}

	static async start(settings: Partial<FunctionSettings> = {}): Promise<StubTarget> {
		return new StubTarget(await FakeFunction.listen(), settings);
	}

	async [Symbol.asyncDispose](): Promise<void> {
		this.source.instance.end();
		await this.function[Symbol.asyncDispose]();
	}
}
