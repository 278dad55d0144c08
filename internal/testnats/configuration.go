package testnats

import (
	"bytes"
	"cmp"
	"crypto/tls"
	"crypto/x509"
	"encoding/json"
	"encoding/pem"
	"fmt"
	"os"
	"path/filepath"
	"reflect"
	"time"

	"github.com/nats-io/nats-server/v2/server"
)

// configuration is the file of a server with these options, for releases that
// run as a process of their own. Other files that it needs go to dir. The
// syntax of NATS includes JSON.
func configuration(opts *server.Options, dir string) (string, error) {
	rest := opts.Clone()
	file := map[string]any{}
	take(file, "server_name", &rest.ServerName)
	take(file, "port", &rest.Port)
	take(file, "max_connections", &rest.MaxConn)
	take(file, "max_pending", &rest.MaxPending)
	take(file, "max_payload", &rest.MaxPayload)
	take(file, "max_control_line", &rest.MaxControlLine)
	take(file, "client_advertise", &rest.ClientAdvertise)
	takeWeb(file, rest)
	takeMonitoring(file, rest)
	takeStreams(file, rest)
	take(file, "http_base_path", &rest.HTTPBasePath)
	take(file, "max_closed_clients", &rest.MaxClosedClients)
	take(file, "trusted", &rest.TrustedKeys)
	takeTime(file, "lame_duck_duration", &rest.LameDuckDuration)
	takeTime(file, "lame_duck_grace_period", &rest.LameDuckGracePeriod)
	takeLogins(file, rest)
	if err := takeResolver(file, rest); err != nil {
		return "", err
	}
	take(file, "system_account", &rest.SystemAccount)
	takeCluster(file, rest)
	if err := takeTLS(file, rest, dir); err != nil {
		return "", err
	}
	if !reflect.DeepEqual(rest, &server.Options{}) {
		return "", fmt.Errorf("some of these options cannot be written as configuration yet: %+v", rest)
	}
	var text bytes.Buffer
	encoder := json.NewEncoder(&text)
	encoder.SetEscapeHTML(false) // NATS does not read \u003e
	if err := encoder.Encode(file); err != nil {
		return "", err
	}
	content := bytes.TrimSpace(text.Bytes())
	return string(content[1:len(content)-1]) + "\n", nil
}

func takeMonitoring(file map[string]any, rest *server.Options) {
	if rest.HTTPHost == "" && rest.HTTPPort == 0 {
		return
	}
	host, port := cmp.Or(rest.HTTPHost, "127.0.0.1"), cmp.Or(rest.HTTPPort, server.RANDOM_PORT)
	file["http"] = fmt.Sprintf("%s:%d", host, port)
	rest.HTTPHost, rest.HTTPPort = "", 0
}

func takeStreams(file map[string]any, rest *server.Options) {
	if rest.JetStream {
		file["jetstream"] = map[string]any{"store_dir": rest.StoreDir}
		rest.JetStream, rest.StoreDir = false, ""
	}
}

// takeWeb knows WebSockets without TLS.
func takeWeb(file map[string]any, rest *server.Options) {
	if rest.Websocket.Port != 0 && rest.Websocket.NoTLS {
		file["websocket"] = map[string]any{"listen": fmt.Sprintf("%s:%d", rest.Websocket.Host, rest.Websocket.Port), "no_tls": true}
		rest.Websocket = server.WebsocketOpts{}
	}
}

// take moves an option to the file, unless it is not set.
func take[T any](file map[string]any, key string, option *T) {
	if value := reflect.ValueOf(option).Elem(); !value.IsZero() {
		file[key] = *option
		value.SetZero()
	}
}

func takeTime(file map[string]any, key string, option *time.Duration) {
	if *option != 0 {
		file[key] = option.String()
		*option = 0
	}
}

func takeLogins(file map[string]any, rest *server.Options) {
	authorization := map[string]any{}
	take(authorization, "token", &rest.Authorization)
	var global []any // of the global account
	users := map[string][]any{}
	for _, account := range rest.Accounts {
		users[account.Name] = []any{}
	}
	for _, u := range rest.Users {
		login := map[string]any{"user": u.Username, "password": u.Password}
		permit(login, u.Permissions)
		if u.Account == nil {
			global = append(global, login)
			continue
		}
		users[u.Account.Name] = append(users[u.Account.Name], login)
	}
	if len(global) > 0 {
		authorization["users"] = global
	}
	if len(authorization) > 0 {
		file["authorization"] = authorization
	}
	for _, u := range rest.Nkeys {
		login := map[string]any{"nkey": u.Nkey}
		permit(login, u.Permissions)
		users[u.Account.Name] = append(users[u.Account.Name], login)
	}
	if len(users) > 0 {
		accounts := map[string]any{}
		for name, logins := range users {
			accounts[name] = map[string]any{"users": logins}
		}
		file["accounts"] = accounts
	}
	rest.Accounts, rest.Users, rest.Nkeys = nil, nil, nil
}

func permit(login map[string]any, permissions *server.Permissions) {
	if permissions == nil {
		return
	}
	allowed := map[string]any{}
	for verb, subjects := range map[string]*server.SubjectPermission{"publish": permissions.Publish, "subscribe": permissions.Subscribe} {
		if subjects != nil {
			allowed[verb] = map[string]any{"allow": subjects.Allow}
		}
	}
	login["permissions"] = allowed
}

// takeResolver knows resolvers of the system account alone.
func takeResolver(file map[string]any, rest *server.Options) error {
	if rest.AccountResolver == nil {
		return nil
	}
	claims, err := rest.AccountResolver.Fetch(rest.SystemAccount)
	if err != nil {
		return err
	}
	file["resolver"] = "MEMORY"
	file["resolver_preload"] = map[string]string{rest.SystemAccount: claims}
	rest.AccountResolver = nil
	return nil
}

func takeCluster(file map[string]any, rest *server.Options) {
	if rest.Cluster.Name == "" {
		return
	}
	routes := []string{}
	for _, route := range rest.Routes {
		routes = append(routes, route.String())
	}
	file["cluster"] = map[string]any{
		"name": rest.Cluster.Name, "listen": fmt.Sprintf("%s:%d", rest.Cluster.Host, rest.Cluster.Port), "routes": routes,
	}
	rest.Cluster, rest.Routes = server.ClusterOpts{}, nil
}

// takeTLS writes the first certificate; the last of its chain is the authority
// that client certificates must be of.
func takeTLS(file map[string]any, rest *server.Options, dir string) error {
	if rest.TLSConfig == nil {
		return nil
	}
	pair := rest.TLSConfig.Certificates[0]
	key, err := x509.MarshalPKCS8PrivateKey(pair.PrivateKey)
	if err != nil {
		return err
	}
	section := map[string]any{"timeout": rest.TLSTimeout}
	for name, block := range map[string]pem.Block{
		"cert_file": {Type: "CERTIFICATE", Bytes: pair.Certificate[0]},
		"key_file":  {Type: "PRIVATE KEY", Bytes: key},
		"ca_file":   {Type: "CERTIFICATE", Bytes: pair.Certificate[len(pair.Certificate)-1]},
	} {
		path := filepath.Join(dir, name)
		if err := os.WriteFile(path, pem.EncodeToMemory(&block), 0o600); err != nil {
			return err
		}
		section[name] = path
	}
	if rest.TLSConfig.ClientAuth == tls.RequireAndVerifyClientCert {
		section["verify"] = true
	}
	if rest.TLSHandshakeFirst {
		section["handshake_first"] = true
	}
	file["tls"] = section
	rest.TLSConfig, rest.TLSTimeout, rest.TLSHandshakeFirst = nil, 0, false
	return nil
}
