#pragma once

#include <string>

namespace vesto {

// What an endpoint knows of the client of a session, for STL_CONNECTION_LOG. Empty where unknown, as for
// sessions of the process itself.
struct ClientInfo {
  std::string host = "", port = "";  // numeric address
  std::string tls_version = "", tls_cipher = "";
  std::string application_name = "", driver_version = "", os_version = "", plugin_name = "";
  int protocol_version = 0;  // of Redshift's extension
};

}  // namespace vesto
