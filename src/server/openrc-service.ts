/** A script of OpenRC for httpfn. */
import { shellQuoted } from '../base/shell-quoted.ts';
import { LIMITS } from '../contract/limits.ts';
import type { ServiceFiles, ServicePlan } from './service-plan.ts';

const STOP_SECONDS = (LIMITS.drainGraceMs + LIMITS.stopGraceMs) / 1000 + 15;

/** Watched by the number in a file, not as a child: after `httpfn upgrade` another process is the service. */
export function openrcService(plan: ServicePlan): ServiceFiles {
	const { name } = plan;
	return {
		files: [{ path: `/etc/init.d/${name}`, text: script(plan), mode: 0o755 }],
		enable: [
			['rc-update', 'add', name, 'default'],
			['rc-service', name, 'start'],
		],
		disable: [
			['rc-service', name, 'stop'],
			['rc-update', 'del', name, 'default'],
		],
		forget: [],
	};
}

function script({ name, description, command, config, runAs, state }: ServicePlan): string {
	const [program, ...words] = command;
	const runtime = runAs === null ? '/run/httpfn' : `/run/${name}`;
	const owner = runAs === null ? '' : ` --owner ${shellQuoted(runAs)}`;
	const pidFile = `${runtime}/${name}.pid`;
	const args = [...words, '--pid-file', pidFile].map(shellQuoted).join(' ');
	const lines = [
		'#!/sbin/openrc-run',
		'# Made by httpfn service install.',
		`description=${shellQuoted(description)}`,
		`command=${shellQuoted(program)}`,
		// It is read by a shell once more.
		`command_args=${shellQuoted(args)}`,
		'command_background="yes"',
		`pidfile=${shellQuoted(pidFile)}`,
		...(runAs === null ? [] : [`command_user=${shellQuoted(runAs)}`]),
		`output_log=${shellQuoted(`/var/log/${name}.log`)}`,
		`error_log=${shellQuoted(`/var/log/${name}.log`)}`,
		`retry="TERM/${STOP_SECONDS}/KILL/5"`,
		'rc_ulimit="-n 65536"',
		...(config === null ? [] : ['extra_started_commands="reload"']),
		'',
		'depend() {',
		'	need localmount',
		'	use net logger',
		'}',
		'',
		'start_pre() {',
		`	checkpath --directory --mode 0700${owner} ${shellQuoted(runtime)}`,
		`	checkpath --file --mode 0640${owner} ${shellQuoted(`/var/log/${name}.log`)}`,
		...(state === null
			? []
			: [`	checkpath --directory --mode 0700${owner} ${shellQuoted(`/var/lib/${state}`)}`]),
		...(runAs === null ? [] : [`	export XDG_RUNTIME_DIR=${shellQuoted(runtime)}`]),
		'}',
	];
	if (config !== null) {
		const reload = [program, 'reload', '--config', config].map(shellQuoted).join(' ');
		const runtimeVariable = runAs === null ? '' : `XDG_RUNTIME_DIR=${shellQuoted(runtime)} `;
		lines.push(
			'',
			'reload() {',
			'	ebegin "Reloading $RC_SVCNAME"',
			`	${runtimeVariable}${reload}`,
			'	eend $?',
			'}',
		);
	}
	return `${lines.join('\n')}\n`;
}
