package dev.jkubelet.server;

import java.util.concurrent.CompletionStage;
import org.apache.pekko.http.javadsl.model.HttpResponse;

/** Answers requests; its stage may fail, which is a 500. */
@FunctionalInterface
interface Handler {
  CompletionStage<HttpResponse> handle(Call call);
}
