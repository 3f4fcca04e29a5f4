import { globSync, readFileSync } from 'node:fs';
import { symlink, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { type CloudFinding, findingText } from '../../src/cloud/finding.ts';
import { judgeBootstrap } from '../../src/cloud/judge-bootstrap.ts';
import { judgeFolder, packageFindings } from '../../src/cloud/judge-folder.ts';
import { anElf, type ElfWish } from '../harness/an-elf.ts';
import { type FunctionFolder, functionFolder } from '../harness/function-folder.ts';

const test = suite('judge-folder');
const NODE = '/opt/function/runtime/nodejs18.15/rtsp/nodejs/bin/node';
const MIB = 1024 * 1024;

/** `level CODE place` of each. */
function told(findings: readonly CloudFinding[]): string[] {
	return findings.map(({ level, code, place }) => `${level} ${code} ${place}`);
}

const ofText = (text: string) =>
	judgeBootstrap(Buffer.from(text), '/srv/mine').map(({ level, code }) => `${level} ${code}`);

async function judged(files: Record<string, string>, elfs: Record<string, ElfWish> = {}, timeoutSeconds = 3) {
	await using folder = await functionFolder({ bootstrap: `${NODE} index.js\n`, ...files });
	for (const [name, wish] of Object.entries(elfs)) await writeFile(path.join(folder.path, name), anElf(wish));
	return await judgeFolder({ codeRoot: folder.path, timeoutSeconds });
}

test('J-3: what the manual shows is found fit', async () => {
	const samples = [
		`${NODE} $RUNTIME_CODE_ROOT/src/index.js`,
		'export PYTHONPATH=$RUNTIME_CODE_ROOT:$PYTHONPATH\n/opt/function/runtime/python3.10/rtsp/python/bin/python3 -u $RUNTIME_CODE_ROOT/src/index.py',
		'/opt/function/runtime/java11/rtsp/jre/bin/java -jar -Dfile.encoding=utf-8 /opt/function/code/x.jar',
		'cd $RUNTIME_CODE_ROOT && /opt/function/runtime/php8.3/rtsp/php/bin/php -S 0.0.0.0:8000 index.php',
		'/opt/function/code/go-http-demo',
		'export ASPNETCORE_URLS=http://localhost:8000/\n/opt/function/runtime/dotnet6.0/rtsp/dotnet/dotnet app.dll > /tmp/log',
		'export PATH=/opt/function/runtime/nodejs20.15/rtsp/nodejs/bin:$PATH',
	];
	for (const sample of samples) assert.equal(ofText(sample), [], sample);
	for (const file of globSync(path.join(import.meta.dirname, '../../examples/*/bootstrap'))) {
		assert.equal(ofText(readFileSync(file, 'utf8')), [], file);
	}
	assert.equal((await judged({ 'index.js': '' })).findings, []);
});

test('J-3: a bootstrap is told what in it works on one machine only', () => {
	const cases = [
		['\uFEFFexec ./server', 'fatal BOOTSTRAP_BOM'],
		['cd /srv/mine/src && ./server', 'fatal BOOTSTRAP_PATH'],
		['/Users/me/.nvm/versions/node/bin/node index.js', 'warning BOOTSTRAP_PATH'],
		['/opt/function/runtime/nodejs19.1/rtsp/nodejs/bin/node index.js', 'warning BOOTSTRAP_INTERPRETER'],
		['/opt/function/runtime/nodejs18.15/bin/node index.js', 'warning BOOTSTRAP_INTERPRETER'],
		['exec node index.js', 'hint BOOTSTRAP_COMMAND'],
		['./server --port 3000', 'hint BOOTSTRAP_PORT'],
		['PORT=8080 ./server', 'hint BOOTSTRAP_PORT'],
		['./server --bind 0.0.0.0:3000', 'hint BOOTSTRAP_PORT'],
	] as const;
	for (const [text, wanted] of cases) assert.equal(ofText(text), [wanted], text);
	assert.equal(ofText('# node /Users/me/x --port 3000\n./server --port 8000'), []);
	const begunMs = performance.now();
	for (const text of ['\n', ' ', '--bind=', '/a', 'PORT=']) ofText(text.repeat(200_000));
	const tookMs = performance.now() - begunMs;
	assert.ok(tookMs < 5000, `${tookMs} ms for long ones`);
});

test('J-4: code for another machine, for musl or for a newer glibc is found; what the bootstrap starts is fatal', async () => {
	const musl = { loader: '/lib/ld-musl-x86_64.so.1' };
	const { findings } = await judged(
		{
			bootstrap: 'exec $RUNTIME_CODE_ROOT/bin/server --as tool',
			'prebuilds/linux-arm64/x.txt': '',
			'bin/x.txt': '',
			'lib/x.txt': '',
		},
		{
			'bin/server': { machine: 183 },
			'lib/tool': { machine: 183 },
			'prebuilds/linux-arm64/addon.node': { machine: 183 },
			'other.node': { machine: 183 },
			'musl-program': musl,
			program: musl,
			'new.so': { needed: ['libc.so.6'], versions: ['GLIBC_2.17', 'GLIBC_2.38'] },
			'old.so': { needed: ['libc.so.6', 'libmine.so'], versions: ['GLIBC_2.34'] },
			'libmine.so': { needed: ['libz.so.1'] },
			static: {},
		},
	);
	assert.equal(told(findings), [
		'fatal ELF_MACHINE bin/server',
		'warning ELF_MACHINE lib/tool',
		'warning ELF_GLIBC new.so',
		'warning ELF_MACHINE other.node',
		'warning ELF_MUSL program',
		'hint ELF_LIBRARY libmine.so',
		'hint ELF_MUSL musl-program',
		'hint ELF_MACHINE prebuilds/linux-arm64/addon.node',
	]);
	const glibc = findings.find(({ code }) => code === 'ELF_GLIBC');
	assert.match(glibc?.found ?? '', /GLIBC_2\.38/);
	assert.match(glibc?.wanted ?? '', /GLIBC_2\.34/);
	assert.is(glibc?.who, 'builder');
});

test('J-5: modules of another Python, names, links and timeouts are told', async () => {
	const python = '/opt/function/runtime/python3.9/rtsp/python/bin/python3 index.py';
	const wheels = { 'a.cpython-39-x86_64-linux-gnu.so': '', 'b.cpython-310-x86_64-linux-gnu.so': '' };
	assert.equal(told((await judged({ bootstrap: python, ...wheels })).findings), [
		'warning PYTHON_VERSION b.cpython-310-x86_64-linux-gnu.so',
	]);
	assert.equal(told((await judged({ 'c.cpython-311-x86_64-linux-gnu.so': '' })).findings), [
		'warning PYTHON_VERSION c.cpython-311-x86_64-linux-gnu.so',
	]);
	assert.equal(told((await judged({ 'notes~': '' }, {}, 90)).findings), [
		'hint FILE_NAME notes~',
		'hint TIMEOUT timeout',
	]);
	await using linked = await functionFolder({ bootstrap: `${NODE} index.js`, 'index.js': '' });
	await symlink('index.js', path.join(linked.path, 'main.js'));
	assert.equal(told(await findingsOf(linked)), ['hint LINK main.js']);
	await symlink('/etc/hostname', path.join(linked.path, 'outside'));
	assert.equal(told(await findingsOf(linked)), ['fatal FILE_UNFIT folder']);
});

test('J-5: sizes are held against the limits of the manual, each finding in one line with its grade and who must act', () => {
	assert.equal(told(packageFindings(50 * MIB)), []);
	assert.equal(told(packageFindings(50 * MIB + 1)), ['warning PACKAGE_SIZE package']);
	assert.equal(told(packageFindings(300 * MIB + 1)), ['fatal PACKAGE_SIZE package']);
	const [finding] = packageFindings(300 * MIB + 1);
	assert.ok(finding !== undefined);
	const text = findingText(finding);
	assert.match(
		text,
		/^fatal PACKAGE_SIZE package: found .*, wanted .* \(documented; build it for the platform\)$/,
	);
});

async function findingsOf(folder: FunctionFolder): Promise<readonly CloudFinding[]> {
	return (await judgeFolder({ codeRoot: folder.path, timeoutSeconds: 3 })).findings;
}

test.run();
