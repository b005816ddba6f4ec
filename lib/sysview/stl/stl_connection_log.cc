#include "sysview/system_views.h"

// STL_CONNECTION_LOG: logins, and how sessions began and ended. Source: system-views.md §4.
namespace vesto::sysview {

void Register_stl_stl_connection_log(SystemViews& views) {
  ViewDefinition view;
  view.name = "stl_connection_log";
  view.superuser_only = true;
  view.columns = {TextColumn("event", 50), TimestampColumn("recordtime"),
      TextColumn("remotehost", 45), TextColumn("remoteport", 32), IntegerColumn("pid"),
      TextColumn("dbname", 50), TextColumn("username", 50), TextColumn("authmethod", 32),
      IntegerColumn("duration"), TextColumn("sslversion", 50), TextColumn("sslcipher", 128),
      IntegerColumn("mtu"), TextColumn("sslcompression", 64), TextColumn("sslexpansion", 64),
      TextColumn("iamauthguid", 36), TextColumn("application_name", 250),
      TextColumn("os_version", 64), TextColumn("driver_version", 64), TextColumn("plugin_name", 32),
      IntegerColumn("protocol_version")};
  view.rows = [](const SystemState& state, Rows& rows) {
    for (const auto& entry : state.telemetry->connections.Read()) {
      const ClientInfo& client = entry->client;
      rows.Add({Text(entry->event), Time(entry->micros), Text(client.host), Text(client.port),
                Number(entry->pid), Text(entry->database), Text(entry->user),
                Text(entry->auth_method), Number(entry->duration_micros),
                Text(client.tls_version), Text(client.tls_cipher), Number(0), Text(""), Text(""),
                Text(""), Text(client.application_name), Text(client.os_version),
                Text(client.driver_version), Text(client.plugin_name),
                Number(client.protocol_version)});
    }
  };
  views.Add(std::move(view));
}

}  // namespace vesto::sysview
