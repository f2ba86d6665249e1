// Copyright the Service Identity authors.
// SPDX-License-Identifier: Apache-2.0
package dev.serviceidentity.mtls;

import static dev.serviceidentity.identity.IdentityException.Code.CLOSED;

import dev.serviceidentity.identity.IdentityException;
import java.io.IOException;
import java.net.Socket;
import java.net.SocketException;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.SSLServerSocket;
import javax.net.ssl.SSLSocket;

/**
 * Accepts plain connections and speaks TLS on each with the generation in use. A server socket of
 * the JDK that never listens keeps the settings, which follow the JDK's own rules that way.
 */
final class RotatingServerSocket extends SSLServerSocket {
  private final GenerationContexts contexts;
  private final SSLServerSocket settings;

  RotatingServerSocket(GenerationContexts contexts, SSLServerSocket settings) throws IOException {
    this.contexts = contexts;
    this.settings = settings;
  }

  /**
   * The handshake is made by whoever uses the socket, not here, so that nobody can stall it. Closes
   * this socket once the identity is closed: nothing could be accepted any more.
   *
   * @throws SocketException if this socket or the identity is closed, as accept loops expect it
   */
  @Override
  public Socket accept() throws IOException {
    var plain = new Socket();
    implAccept(plain);
    try {
      String peer = plain.getInetAddress().getHostAddress();
      var tls =
          (SSLSocket)
              contexts
                  .current()
                  .getSocketFactory()
                  .createSocket(plain, peer, plain.getPort(), true);
      tls.setUseClientMode(settings.getUseClientMode());
      tls.setEnableSessionCreation(settings.getEnableSessionCreation());
      tls.setSSLParameters(settings.getSSLParameters());
      contexts.connections().keep(plain, tls);
      return tls;
    } catch (IdentityException e) {
      plain.close();
      if (e.code() == CLOSED) {
        close();
      }
      var ended = new SocketException((isClosed() ? "Socket closed: " : "") + e.getMessage());
      ended.initCause(e);
      throw ended;
    } catch (IOException | RuntimeException e) {
      // Whatever it was: nobody else knows the connection yet.
      plain.close();
      throw e;
    }
  }

  @Override
  public void close() throws IOException {
    super.close();
    settings.close();
  }

  @Override
  public String[] getEnabledCipherSuites() {
    return settings.getEnabledCipherSuites();
  }

  @Override
  public void setEnabledCipherSuites(String[] suites) {
    settings.setEnabledCipherSuites(suites);
  }

  @Override
  public String[] getSupportedCipherSuites() {
    return settings.getSupportedCipherSuites();
  }

  @Override
  public String[] getSupportedProtocols() {
    return settings.getSupportedProtocols();
  }

  @Override
  public String[] getEnabledProtocols() {
    return settings.getEnabledProtocols();
  }

  @Override
  public void setEnabledProtocols(String[] protocols) {
    settings.setEnabledProtocols(protocols);
  }

  @Override
  public void setNeedClientAuth(boolean need) {
    settings.setNeedClientAuth(need);
  }

  @Override
  public boolean getNeedClientAuth() {
    return settings.getNeedClientAuth();
  }

  @Override
  public void setWantClientAuth(boolean want) {
    settings.setWantClientAuth(want);
  }

  @Override
  public boolean getWantClientAuth() {
    return settings.getWantClientAuth();
  }

  @Override
  public void setUseClientMode(boolean mode) {
    settings.setUseClientMode(mode);
  }

  @Override
  public boolean getUseClientMode() {
    return settings.getUseClientMode();
  }

  @Override
  public void setEnableSessionCreation(boolean flag) {
    settings.setEnableSessionCreation(flag);
  }

  @Override
  public boolean getEnableSessionCreation() {
    return settings.getEnableSessionCreation();
  }

  @Override
  public SSLParameters getSSLParameters() {
    return settings.getSSLParameters();
  }

  @Override
  public void setSSLParameters(SSLParameters parameters) {
    settings.setSSLParameters(parameters);
  }
}
