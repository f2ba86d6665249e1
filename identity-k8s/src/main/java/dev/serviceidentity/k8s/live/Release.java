// Copyright the Service Identity authors.
// SPDX-License-Identifier: Apache-2.0
package dev.serviceidentity.k8s.live;

import dev.serviceidentity.k8s.client.ApiFault;
import dev.serviceidentity.k8s.client.Json;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/**
 * Which release of Kubernetes the API server is of, where that makes a difference. Changed by the
 * updater's thread alone.
 */
final class Release {
  private static final String PATH = "/version";
  private static final long ASK_AGAIN_SECONDS = 10;

  /** Since then each namespace has the label {@code kubernetes.io/metadata.name}, always. */
  private static final int NAMES_NAMESPACES = 22;

  private final Deltas deltas;
  private boolean namesNamespaces;

  /** Nothing is taken for granted before the server has been asked. */
  Release(Deltas deltas) {
    this.deltas = deltas;
  }

  /** Whether also a namespace that is not seen has the label with its name. */
  boolean namesNamespaces() {
    return namesNamespaces;
  }

  /** Asks until there is an answer. */
  void find(Watched.Context context) {
    try {
      do {
        try {
          Map<String, Object> version = Json.object(context.api().get(PATH));
          boolean isNew = namesNamespaces(Json.text(version, "major"), Json.text(version, "minor"));
          context.updater().put(() -> is(isNew));
          return;
        } catch (ApiFault notNow) {
          // Asked again; meanwhile labels that are not seen are not known.
        }
      } while (!context.closed().await(ASK_AGAIN_SECONDS, TimeUnit.SECONDS));
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private void is(boolean isNew) {
    if (isNew != namesNamespaces) {
      namesNamespaces = isNew;
      deltas.anew();
    }
  }

  /** Providers write for example {@code 1} and {@code 27+}. */
  static boolean namesNamespaces(String major, String minor) {
    String digits = minor.replaceFirst("\\D.*", "");
    return major.equals("1")
        && digits.matches("[0-9]{1,4}")
        && Integer.parseInt(digits) >= NAMES_NAMESPACES;
  }
}
