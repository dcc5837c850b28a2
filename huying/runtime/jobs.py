"""Jobs about jobs 任务维护: what a killed worker held is done again, and what is long done is cleared away."""

from procrastinate import JobContext
from procrastinate.contrib.django import app

KEPT_HOURS = 72


@app.periodic(cron="* * * * *")
@app.task(name="runtime.retry_stalled", queueing_lock="runtime.retry_stalled", pass_context=True)
async def retry_stalled(context: JobContext, timestamp: int = 0) -> int:
    """Queue again the jobs of workers that no longer give a sign of life (30 s); returns how many."""
    manager = context.app.job_manager
    stalled = list(await manager.get_stalled_jobs())
    for job in stalled:
        await manager.retry_job(job)
    return len(stalled)


@app.periodic(cron="23 3 * * *")
@app.task(name="runtime.clear_done", queueing_lock="runtime.clear_done", pass_context=True)
async def clear_done(context: JobContext, timestamp: int = 0) -> None:
    """Delete jobs that succeeded more than three days ago; failed ones stay for somebody to look at."""
    await context.app.job_manager.delete_old_jobs(nb_hours=KEPT_HOURS)
