// Copyright the Service Identity authors.
// SPDX-License-Identifier: Apache-2.0
package dev.serviceidentity.cli;

import io.fabric8.kubernetes.api.model.NamedContext;
import io.fabric8.kubernetes.client.Config;
import io.fabric8.kubernetes.client.ConfigBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientBuilder;
import io.fabric8.kubernetes.client.KubernetesClientException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** A kubeconfig file and one of its contexts; empty for the current one. */
record Kubeconfig(Path file, String context) {
  private static final int UNAUTHORIZED = 401;
  private static final int FORBIDDEN = 403;

  /** A client that has had an answer from the API server. */
  KubernetesClient connect() {
    Config config = config();
    KubernetesClient client = client(config);
    try {
      client.raw("/version");
      return client;
    } catch (KubernetesClientException e) {
      if (e.getCode() == FORBIDDEN) {
        return client;
      }
      client.close();
      throw Program.unusable(noAnswer(config, e));
    }
  }

  private Config config() {
    if (!Files.isReadable(file)) {
      throw Program.unusable(
          "there is no kubeconfig that can be read at %s; say --kubeconfig FILE".formatted(file));
    }
    Config config;
    try {
      config = Config.fromKubeconfig(context.isEmpty() ? null : context, file.toFile());
    } catch (RuntimeException e) {
      // The reader of the file is foreign code, and throws whatever its parsers throw.
      throw Program.unusable(
          "%s is no kubeconfig: %s".formatted(file, String.valueOf(e.getMessage()).strip()));
    }
    // The client takes the current context for one that it does not find.
    if (!context.isEmpty() && !context.equals(nameOf(config.getCurrentContext()))) {
      throw Program.unusable(
          "no context '%s' is in %s; there are %s".formatted(context, file, contexts(config)));
    }
    return new ConfigBuilder(config).withRequestRetryBackoffLimit(0).build();
  }

  private static String nameOf(NamedContext named) {
    return named == null ? "" : String.valueOf(named.getName());
  }

  private static List<String> contexts(Config config) {
    return config.getContexts().stream().map(NamedContext::getName).sorted().toList();
  }

  private KubernetesClient client(Config config) {
    try {
      return new KubernetesClientBuilder().withConfig(config).build();
    } catch (RuntimeException e) {
      // Foreign code: certificates and keys are parsed here.
      throw Program.unusable(
          "the credentials of %s cannot be used: %s".formatted(this, e.getMessage()));
    }
  }

  private String noAnswer(Config config, KubernetesClientException e) {
    String server = "the API server at " + config.getMasterUrl();
    if (e.getCode() == UNAUTHORIZED) {
      return "%s does not accept the credentials of %s (401); log in again, or choose another --context"
          .formatted(server, this);
    }
    if (e.getCode() > 0) {
      return "%s answers %d: %s".formatted(server, e.getCode(), e.getMessage());
    }
    return "%s cannot be reached: %s; check the address in %s, or choose another --context"
        .formatted(server, cause(e), file);
  }

  private static String cause(Throwable e) {
    Throwable deepest = e;
    while (deepest.getCause() != null) {
      deepest = deepest.getCause();
    }
    String said = deepest.getMessage();
    return said == null ? deepest.getClass().getSimpleName() : said;
  }

  /** Returns the file, and the context if one was said. */
  @Override
  public String toString() {
    return context.isEmpty() ? file.toString() : "context " + context + " in " + file;
  }
}
