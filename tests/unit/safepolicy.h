/* safepolicy.h -- a policy of which lint says nothing, for tests that change
 * it in one place. */
#ifndef SAFEPOLICY_H
#define SAFEPOLICY_H

#define LAYER \
	"0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef"

static const char safe[] =
    "package policy\n"
    "api_version := \"0.11.0\"\n"
    "framework_version := \"0.5.0\"\n"
    "fragments := []\n"
    "containers := [{\"name\":\"web\",\"command\":[\"/bin/web\",\"-v\"],"
    "\"layers\":[\"" LAYER "\"],\"env_rules\":[{\"pattern\":\"A=1\","
    "\"required\":true,\"strategy\":\"string\"}],\"exec_processes\":[],"
    "\"user\":{\"user_idname\":{\"pattern\":\"1\",\"strategy\":\"id\"},"
    "\"group_idnames\":[{\"pattern\":\"1\",\"strategy\":\"id\"}],"
    "\"umask\":\"0022\"},\"working_dir\":\"/\","
    "\"capabilities\":{\"bounding\":[\"CAP_KILL\"],\"effective\":[],"
    "\"inheritable\":[],\"permitted\":[],\"ambient\":[]},"
    "\"seccomp_profile_sha256\":\"" LAYER "\",\"mounts\":[],"
    "\"signals\":[15],\"allow_elevated\":false,"
    "\"allow_stdio_access\":false,\"no_new_privileges\":true}]\n"
    "allow_properties_access := false\n"
    "allow_dump_stacks := false\n"
    "allow_runtime_logging := false\n"
    "allow_unencrypted_scratch := false\n"
    "mount_device := data.framework.mount_device\n"
    "rw_mount_device := data.framework.rw_mount_device\n"
    "rw_unmount_device := data.framework.rw_unmount_device\n"
    "mount_overlay := data.framework.mount_overlay\n"
    "create_container := data.framework.create_container\n"
    "unmount_device := data.framework.unmount_device\n"
    "exec_in_container := data.framework.exec_in_container\n"
    "exec_external := data.framework.exec_external\n"
    "shutdown_container := data.framework.shutdown_container\n"
    "signal_container_process := data.framework.signal_container_process\n"
    "unmount_overlay := data.framework.unmount_overlay\n"
    "plan9_mount := data.framework.plan9_mount\n"
    "plan9_unmount := data.framework.plan9_unmount\n"
    "get_properties := data.framework.get_properties\n"
    "dump_stacks := data.framework.dump_stacks\n"
    "runtime_logging := data.framework.runtime_logging\n"
    "load_fragment := data.framework.load_fragment\n"
    "scratch_mount := data.framework.scratch_mount\n"
    "scratch_unmount := data.framework.scratch_unmount\n"
    "registry_changes := data.framework.registry_changes\n"
    "log_provider := data.framework.log_provider\n"
    "mount_cims := data.framework.mount_cims\n";

#endif
