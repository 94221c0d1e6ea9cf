"""The forms' kernels: complete ipykernels forked from a warm parent."""

from __future__ import annotations

import asyncio
import fcntl
import os
import resource
import signal
import socket
import time

import psutil
import pytest
from jupyter_client.provisioning.factory import KernelProvisionerFactory
from vigie.kernels import OPTIONS, provisioner
from vigie.kernels.ready import PromptKernelClient
from vigie.kernels.sockets import PrivateSocketKernelManager
from vigie.kernels.zygote import send_packet


class ForkedManager(PrivateSocketKernelManager):
    client_class = "vigie.kernels.ready.PromptKernelClient"
    client_factory = PromptKernelClient


@pytest.fixture(scope="module", autouse=True)
def _forked_by_default():
    before = os.environ.get("JUPYTER_DEFAULT_PROVISIONER_NAME")
    os.environ["JUPYTER_DEFAULT_PROVISIONER_NAME"] = provisioner.NOM
    KernelProvisionerFactory.clear_instance()  # it reads the variable once
    yield
    KernelProvisionerFactory.clear_instance()
    if before is None:
        del os.environ["JUPYTER_DEFAULT_PROVISIONER_NAME"]
    if provisioner._Parent.current:
        provisioner._Parent.current.close()
        provisioner._Parent.current = None


async def kernel():
    manager = ForkedManager()
    await manager.start_kernel()
    client = manager.client()
    client.start_channels()
    await client.wait_for_ready(timeout=30)
    return manager, client


async def evaluate(client, code: str) -> str:
    texts: list[str] = []

    def take(message):
        content = message["content"]
        texts.append(
            content.get("text", "") or content.get("data", {}).get("text/plain", "") or content.get("ename", "")
        )

    await client.execute_interactive(code, output_hook=take, timeout=20)
    return "".join(texts)


def run(coroutine):
    return asyncio.run(coroutine)


def test_a_kernel_is_forked_with_its_libraries_already_imported():
    async def scenario():
        manager, client = await kernel()
        text = await evaluate(client, "import sys\nprint('ipywidgets' in sys.modules, __import__('os').getppid())")
        parent = provisioner._Parent.current.process.pid
        await manager.shutdown_kernel()
        return text.split(), str(parent)

    (imported, ppid), parent = run(scenario())
    assert (imported, ppid) == ("True", parent)


def test_two_kernels_share_no_variable_and_widgets_reach_the_client():
    async def scenario():
        first, one = await kernel()
        second, two = await kernel()
        await evaluate(one, "secret = 42")
        seen = await evaluate(two, "'secret' in globals()")
        widget = await evaluate(two, "import ipywidgets\nipywidgets.IntSlider()")
        await first.shutdown_kernel()
        await second.shutdown_kernel()
        return seen, widget

    seen, widget = run(scenario())
    assert seen == "False"
    assert "IntSlider" in widget


def test_a_kernel_can_be_interrupted_restarted_and_killed():
    async def scenario():
        manager, client = await kernel()
        endless = client.execute("while True: pass")
        await asyncio.sleep(0.3)
        await manager.interrupt_kernel()
        while (await client.get_shell_msg(timeout=10))["parent_header"].get("msg_id") != endless:
            pass
        await asyncio.sleep(0.3)  # the kernel refuses what was queued behind the interrupted cell
        after = await evaluate(client, "print('libre')")
        await manager.restart_kernel(now=True)
        await client.wait_for_ready(timeout=30)
        again = await evaluate(client, "print('libre' in globals())")
        pid = manager.provisioner.pid
        await manager.shutdown_kernel(now=True)
        return after, again, pid

    after, again, pid = run(scenario())
    assert (after.strip(), again.strip()) == ("libre", "False")
    assert not psutil.pid_exists(pid)


def test_a_kernel_that_dies_is_seen_dead_and_leaves_no_zombie():
    async def scenario():
        manager, client = await kernel()
        client.execute("import os; os._exit(5)")
        limit = time.monotonic() + 5
        while await manager.is_alive():
            assert time.monotonic() < limit
            await asyncio.sleep(0.02)
        await manager.cleanup_resources()

    run(scenario())
    children = psutil.Process(provisioner._Parent.current.process.pid).children()
    assert not [child for child in children if child.status() == psutil.STATUS_ZOMBIE]


def test_kernels_end_with_their_parent_and_the_next_one_gets_a_new_parent():
    async def scenario():
        manager, _ = await kernel()
        pid = manager.provisioner.pid
        old = provisioner._Parent.current.process
        os.kill(old.pid, signal.SIGKILL)
        old.wait()
        limit = time.monotonic() + 10
        while psutil.pid_exists(pid) and psutil.Process(pid).status() != psutil.STATUS_ZOMBIE:
            assert time.monotonic() < limit
            await asyncio.sleep(0.05)
        other, client = await kernel()
        text = await evaluate(client, "print('vivant')")
        await other.shutdown_kernel()
        return text

    assert run(scenario()).strip() == "vivant"


def test_a_command_that_is_not_a_plain_kernel_goes_to_the_stock_launch():
    import sys

    assert provisioner._is_plain_kernel([sys.executable, "-m", "ipykernel_launcher", "-f", "x"])
    assert provisioner._is_plain_kernel([sys.executable, "-Xfrozen_modules=off", "-m", "ipykernel_launcher", "-f", "x"])
    assert not provisioner._is_plain_kernel(["/usr/bin/python3", "-m", "ipykernel_launcher", "-f", "x"])
    assert provisioner._is_plain_kernel([sys.executable, "-m", "ipykernel_launcher", "-f", "x", *OPTIONS])
    assert not provisioner._is_plain_kernel([sys.executable, "-m", "autre_noyau", "-f", "x"])
    assert not provisioner._is_plain_kernel([sys.executable, "-m", "ipykernel_launcher", "-f", "x", "--quiet"])


def test_each_forked_kernel_has_an_identity_and_random_numbers_of_its_own():
    """All start from one kernel built before the fork: nothing that tells one from another may be left as it was."""
    voir = (
        "import os, random, numpy as np\nk = get_ipython().kernel\n"
        "print(k.ident, k.session.session, random.random(), np.random.random(), k.session.pid == os.getpid())"
    )

    async def scenario():
        seen = []
        for _ in range(2):
            manager, client = await kernel()
            seen.append((await evaluate(client, voir)).split())
            again = await evaluate(client, "print('k' in globals(), get_ipython().execution_count, _ih[1] == '')")
            seen[-1].append(again.split()[0])
            await manager.shutdown_kernel()
        return seen

    one, two = run(scenario())
    assert all(a != b for a, b in zip(one[:4], two[:4], strict=True))
    assert one[4:] == two[4:] == ["True", "True"]


def test_a_forked_kernel_starts_with_nothing_in_its_namespace_nor_its_history():
    async def scenario():
        manager, client = await kernel()
        text = await evaluate(client, "print([n for n in dir() if not n.startswith('_')], In, Out)")
        await manager.shutdown_kernel()
        return text

    text = run(scenario())
    assert text.startswith("['In', 'Out', 'exit', 'get_ipython', 'open', 'quit']")
    assert text.rstrip().endswith("{}")
    assert text.count("print(") == 1


def test_a_kernel_is_followed_whatever_the_number_of_its_file():
    """A server of sixty forms and their visitors has more than 1,024 files open, and select() knows no more."""
    doux, dur = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (max(doux, 2048) if dur == resource.RLIM_INFINITY else dur, dur))
    ici, parent = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
    noyau = object.__new__(provisioner.ForkedKernel)
    noyau.returncode, noyau.link = None, socket.socket(fileno=fcntl.fcntl(ici.fileno(), fcntl.F_DUPFD, 1500))
    ici.close()
    try:
        assert noyau.link.fileno() >= 1500
        assert noyau.poll() is None
        send_packet(parent, {"exit": 3})
        assert noyau.wait(5) == 3
        assert noyau.poll() == 3
    finally:
        parent.close()
        resource.setrlimit(resource.RLIMIT_NOFILE, (doux, dur))
