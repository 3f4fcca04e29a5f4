import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { socketPair } from '../../src/engine/socket-pair.ts';
import { Channel } from '../../src/workers/channel.ts';

const test = suite('Channel');

interface Note {
	readonly number: number;
	readonly text: string;
}

const onFault = (error: unknown): void => assert.unreachable(String(error));

const TEXTS = ['', 'one\ntwo', 'ü€𝄞', '"\\', 'x'.repeat(3_000_000)];

if ('Deno' in globalThis) {
	test('R-15: on Deno there are no such sockets', () => {
		assert.throws(() => socketPair('stream'));
	});
} else {
	test('R-15: messages arrive whole and in order, however long, and those sent last before the end too', async () => {
		const [near, far] = socketPair('stream');
		const heard: Note[] = [];
		const over = Promise.withResolvers<void>();
		const receiver = new Channel<Note, Note>(far, {
			onMessage: (note) => heard.push(note),
			onFault,
			onClose: () => over.resolve(),
		});
		const closed = Promise.withResolvers<void>();
		const sender = new Channel<Note, Note>(near, {
			onMessage() {},
			onFault,
			onClose: () => closed.resolve(),
		});
		const sent = Array.from({ length: 50 }, (_, number) => ({ number, text: TEXTS[number % 5] ?? '' }));
		for (const note of sent) sender.send(note);
		assert.ok(sender.backlog > 3_000_000, 'nothing has left yet');
		sender.finish();
		await Promise.all([over.promise, closed.promise]);
		assert.equal(heard, sent);
		receiver.close();
	});

	test('R-15: both sides speak at any time, and the end of one is told to the other once', async () => {
		const [near, far] = socketPair('stream');
		let ends = 0;
		const answered = Promise.withResolvers<Note>();
		const over = Promise.withResolvers<void>();
		const echo: Channel<Note, Note> = new Channel<Note, Note>(far, {
			onMessage: (note) => echo.send({ ...note, number: note.number + 1 }),
			onFault,
			onClose: () => {
				ends += 1;
				over.resolve();
			},
		});
		const asker = new Channel<Note, Note>(near, {
			onMessage: (note) => answered.resolve(note),
			onFault,
			onClose() {},
		});
		asker.send({ number: 1, text: 'a' });
		assert.equal(await answered.promise, { number: 2, text: 'a' });
		asker.close();
		asker.close();
		await over.promise;
		assert.is(ends, 1);
	});
}

test.run();
